using System.Text.Json;

namespace Residuum.Cli.Tests.Verbs;

/// <summary><c>residuum online</c> and the two commands about spectra.</summary>
public sealed class OnlineVerbTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("residuum-online-").FullName;

    [Fact]
    public void One_pass_over_a_file_is_a_table_a_page_and_json()
    {
        // A row is right from the second on: the label is the first feature's sign.
        string file = Path.Combine(_folder, "rows.libsvm");
        File.WriteAllLines(file, Enumerable.Range(0, 200).Select(i => i % 3 == 0 ? "-1 1:-1 3:0.5" : "+1 1:1 2:0.25"));
        string json = Path.Combine(_folder, "answer.json");
        (int code, string output, string error) = Run(
            "online", file, "--optimizers", "ogd,s-adagrad[delta=0.1]", "--sketch-size", "3", "--rates", "0.1,1", "--out", _folder, "--json", json);
        Assert.Equal((ExitCode.Fine, ""), (code, error));
        Assert.Contains("200 rows, 3 features and a constant", output, StringComparison.Ordinal);
        Assert.Contains("s-adagrad[delta=0.1]", output, StringComparison.Ordinal);
        Assert.Contains("Cumulative loss", File.ReadAllText(Path.Combine(_folder, "report.html")), StringComparison.Ordinal);

        using JsonDocument answer = JsonDocument.Parse(File.ReadAllText(json));
        JsonElement[] results = [.. answer.RootElement.GetProperty("results").EnumerateArray()];
        Assert.Equal(["ogd", "s-adagrad[delta=0.1]"], results.Select(row => row.GetProperty("optimizer").GetString()));
        Assert.Equal(4, answer.RootElement.GetProperty("search").GetArrayLength());
        foreach (JsonElement row in results)
        {
            Assert.InRange(row.GetProperty("averageLoss").GetDouble(), 0, 0.5);
            Assert.InRange(row.GetProperty("accuracy").GetDouble(), 0.95, 1);
            Assert.Equal(200, row.GetProperty("curve").EnumerateArray().Last().GetProperty("row").GetInt64());
        }

        // Of 4 weights 2 directions, their singular values and the escaped mass.
        Assert.Equal(4 * (8 + 2 + 1), results[1].GetProperty("stateBytes").GetInt64());
    }

    [Theory]
    [InlineData("--optimizers s-adagradd", "did you mean 's-adagrad'")]
    [InlineData("--grid --rates 1", "--grid has rates of its own")]
    [InlineData("--optimizers ogd[learningRate=1] --grid", "has a learningRate")]
    [InlineData("--optimizers ada-fd[delta=0]", "delta is 0")]
    [InlineData("--rows 0", "at least 1")]
    public void What_cannot_be_done_is_one_sentence(string options, string expected)
    {
        (int code, _, string error) = Run(["online", Path.Combine("nowhere", "rows.libsvm"), .. options.Split(' ')]);
        Assert.Equal(ExitCode.Usage, code);
        Assert.Contains(expected, error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_without_rows_is_a_failure()
    {
        string file = Path.Combine(_folder, "empty.libsvm");
        File.WriteAllText(file, "");
        (int code, string output, string error) = Run("online", file);
        Assert.Equal((ExitCode.Failure, ""), (code, output));
        Assert.Contains("there is no row", error, StringComparison.Ordinal);
    }

    [Fact]
    public void The_spectrum_of_random_numbers_is_told()
    {
        string json = Path.Combine(_folder, "spectrum.json");
        (int code, string output, _) = Run("spectrum", "--size", "32", "--draws", "2000", "--trials", "2", "--json", json);
        Assert.Equal(ExitCode.Fine, code);
        Assert.Contains("intrinsic dimension", output, StringComparison.Ordinal);
        using JsonDocument answer = JsonDocument.Parse(File.ReadAllText(json));
        Assert.InRange(answer.RootElement.GetProperty("intrinsicDimension").GetDouble(), 20, 32);
        Assert.Equal(2, answer.RootElement.GetProperty("trials").GetArrayLength());
    }

    [Fact]
    public void Training_tells_the_spectra_of_its_gradients_when_asked()
    {
        (int code, string output, _) = Run(
            "train", "fashion-mlp", "--optimizer", "sgd", "--set", "hidden=8", "--set", "steps=12", "--diagnose", "spectrum", "--out", Path.Combine(_folder, "run"));
        Assert.Equal(ExitCode.Fine, code);
        Assert.Contains("intrinsic", output, StringComparison.Ordinal);
        Assert.Equal(ExitCode.Usage, Run("train", "fashion-mlp", "--diagnose", "spectra", "--out", Path.Combine(_folder, "other")).Code);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static (int Code, string Output, string Error) Run(params string[] arguments)
    {
        using StringWriter output = new();
        using StringWriter error = new();
        int code = CommandLine.Run(arguments, output, error, CancellationToken.None);
        return (code, output.ToString(), error.ToString());
    }
}
