using System.Text.Json;

namespace Residuum.Cli.Tests.Verbs;

/// <summary><c>evaluate</c> and <c>sample</c> on checkpoints that <c>train</c> has just written.</summary>
public sealed class SavedRunVerbsTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("residuum-saved-").FullName;

    [Fact]
    public void Evaluate_measures_what_train_measured()
    {
        string run = Path.Combine(_folder, "run");
        string trained = Path.Combine(_folder, "train.json");
        string evaluated = Path.Combine(_folder, "evaluate.json");
        Run(ExitCode.Fine,
            "train", "fashion-mlp", "--optimizer", "sgd", "--steps", "3", "--set", "hidden=8", "--out", run, "--json", trained);
        string output = Run(ExitCode.Fine, "evaluate", run, "--json", evaluated);
        Assert.Contains("fashion-mlp, step 3", output, StringComparison.Ordinal);
        using JsonDocument expected = JsonDocument.Parse(File.ReadAllBytes(trained));
        using JsonDocument actual = JsonDocument.Parse(File.ReadAllBytes(evaluated));
        Assert.Equal(expected.RootElement.GetProperty("testLoss").GetDouble(), actual.RootElement.GetProperty("testLoss").GetDouble());
        Assert.Equal(expected.RootElement.GetProperty("testAccuracy").GetDouble(),
            actual.RootElement.GetProperty("testAccuracy").GetDouble());

        string error = Run(ExitCode.Usage, "sample", run);
        Assert.Contains("no language model", error, StringComparison.Ordinal);
    }

    [Fact]
    public void Sample_continues_a_text_the_same_way_for_the_same_seed()
    {
        string run = Path.Combine(_folder, "run");
        string text = Path.Combine(_folder, "own.txt");
        File.WriteAllText(text, string.Concat(Enumerable.Range(0, 200).Select(i => $"line {i}\n")));
        Run(ExitCode.Fine, "train", "sotu-bytes", "--optimizer", "adamw", "--data", text, "--steps", "2", "--out", run,
            "--set", "context=8", "--set", "width=8", "--set", "layers=1", "--set", "heads=1", "--set", "batch=2",
            "--set", "schedule=constant");
        string[] sample = ["sample", run, "--prompt", "line", "--tokens", "20", "--seed"];
        string first = Run(ExitCode.Fine, [.. sample, "1"]);
        Assert.StartsWith("line", first, StringComparison.Ordinal);
        Assert.Equal(first, Run(ExitCode.Fine, [.. sample, "1"]));
        Assert.NotEqual(first, Run(ExitCode.Fine, [.. sample, "2"]));
        Assert.Equal("line\n", Run(ExitCode.Fine, "sample", run, "--prompt", "line", "--tokens", "0"));
        Assert.Equal(
            Run(ExitCode.Fine, [.. sample, "1", "--temperature", "0"]),
            Run(ExitCode.Fine, [.. sample, "2", "--temperature", "1", "--top-k", "1"]));
        Assert.Contains("temperature is -1", Run(ExitCode.Usage, [.. sample, "1", "--temperature", "-1"]), StringComparison.Ordinal);
        Assert.Contains("validation", Run(ExitCode.Fine, "evaluate", run, "--data", text), StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_is_no_checkpoint_is_refused()
    {
        string file = Path.Combine(_folder, "x.safetensors");
        File.WriteAllText(file, "no checkpoint at all");
        Assert.Contains("x.safetensors", Run(ExitCode.CheckpointRefused, "evaluate", file), StringComparison.Ordinal);
        Assert.Contains("no whole checkpoint", Run(ExitCode.Failure, "evaluate", _folder), StringComparison.Ordinal);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static string Run(int expectedCode, params string[] arguments)
    {
        using StringWriter output = new() { NewLine = "\n" };
        using StringWriter error = new() { NewLine = "\n" };
        int code = CommandLine.Run(arguments, output, error, CancellationToken.None);
        Assert.True(code == expectedCode, $"exit code {code} instead of {expectedCode}: {error}");
        return code == ExitCode.Fine ? output.ToString() : error.ToString();
    }
}
