using System.Text.Json;
using Residuum.State;

namespace Residuum.Cli.Tests.Verbs;

public sealed class RunVerbTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("residuum-cli-").FullName;

    [Fact]
    public void Compare_writes_the_contract_s_json()
    {
        string json = Path.Combine(_folder, "answer.json");
        Assert.Equal(ExitCode.Fine, Run(
            "compare", "--steps", "3", "--optimizers", "sgd,adamw[beta1=0.8]", "--out", Out("c"), "--json", json).Code);

        using JsonDocument answer = JsonDocument.Parse(File.ReadAllText(json));
        Assert.Equal("fashion-mlp", answer.RootElement.GetProperty("recipe").GetString());
        Assert.False(answer.RootElement.TryGetProperty("search", out _));
        JsonElement[] rows = [.. answer.RootElement.GetProperty("results").EnumerateArray()];
        Assert.Equal(["sgd", "adamw[beta1=0.8]"], rows.Select(row => row.GetProperty("optimizer").GetString()));
        foreach (JsonElement row in rows)
        {
            Assert.Equal(3, row.GetProperty("steps").GetInt64());
            Assert.Equal(0, row.GetProperty("seed").GetInt32());
            Assert.InRange(row.GetProperty("testAccuracy").GetDouble(), 0, 1);
            Assert.True(row.GetProperty("trainLoss").GetDouble() > 0 && row.GetProperty("testLoss").GetDouble() > 0);
            Assert.True(row.GetProperty("optimizerMsPerStep").GetDouble() <= row.GetProperty("msPerStep").GetDouble());
            Assert.False(row.GetProperty("diverged").GetBoolean());
            Assert.False(row.TryGetProperty("bitsPerByte", out _));
            Assert.False(row.TryGetProperty("validationLoss", out _));
        }

        Assert.Equal(8, rows[1].GetProperty("stateBytesPerParameter").GetDouble());
        Assert.Equal(8 * 235_146, rows[1].GetProperty("stateBytes").GetInt64());
        Assert.True(File.Exists(Path.Combine(_folder, "c", "report.html")));
        Assert.True(File.Exists(Path.Combine(_folder, "c", "sgd-rate0.05-seed0", "metrics.jsonl")));
    }

    [Fact]
    public void A_search_lists_its_runs_and_a_diverged_run_is_a_row()
    {
        string json = Path.Combine(_folder, "answer.json");
        Assert.Equal(ExitCode.Fine, Run(
            "compare", "--steps", "4", "--optimizers", "sgd", "--rates", "0.01,1e30", "--out", Out("c"), "--json", json).Code);
        using JsonDocument answer = JsonDocument.Parse(File.ReadAllText(json));
        JsonElement[] search = [.. answer.RootElement.GetProperty("search").EnumerateArray()];
        Assert.Equal([false, true], search.Select(row => row.GetProperty("diverged").GetBoolean()));
        Assert.True(search[0].TryGetProperty("validationLoss", out _));
        Assert.False(search[0].TryGetProperty("testLoss", out _));
        Assert.Equal(0.01, answer.RootElement.GetProperty("results")[0].GetProperty("rate").GetDouble());
    }

    [Fact]
    public void A_setting_for_all_optimizers_reaches_those_that_have_it()
    {
        string json = Path.Combine(_folder, "answer.json");
        Assert.Equal(ExitCode.Fine, Run(
            "compare", "--steps", "2", "--optimizers", "sgd,microadam", "--set", "optimizer.momentum=0",
            "--out", Out("c"), "--json", json).Code);
        using JsonDocument answer = JsonDocument.Parse(File.ReadAllText(json));
        Assert.Equal(0, answer.RootElement.GetProperty("results")[0].GetProperty("stateBytes").GetInt64());
    }

    [Fact]
    public void Train_ends_with_3_when_it_diverges_and_writes_infinities_as_strings()
    {
        string json = Path.Combine(_folder, "answer.json");
        Assert.Equal(ExitCode.Diverged, Run(
            "train", "--steps", "20", "--optimizer", "sgd[learningRate=1e30]", "--out", Out("t"), "--json", json).Code);
        using JsonDocument answer = JsonDocument.Parse(File.ReadAllText(json));
        Assert.True(answer.RootElement.GetProperty("diverged").GetBoolean());
    }

    [Fact]
    public void An_interrupted_training_saves_and_resumes()
    {
        using CancellationTokenSource interrupted = new();
        interrupted.Cancel();
        Assert.Equal(ExitCode.Interrupted, Run(interrupted.Token, "train", "--steps", "5", "--optimizer", "adamw", "--out", Out("t")).Code);
        CheckpointFolder checkpoints = new(Path.Combine(_folder, "t", "checkpoints"));
        Assert.NotNull(checkpoints.FindNewest());

        (int again, _, string refusal) = Run("train", "--steps", "5", "--optimizer", "adamw", "--out", Out("t"));
        Assert.Equal(ExitCode.Usage, again);
        Assert.Contains("--resume auto", refusal, StringComparison.Ordinal);

        Assert.Equal(ExitCode.Fine, Run("train", "--steps", "5", "--optimizer", "adamw", "--out", Out("t"), "--resume", "auto").Code);
        Assert.Equal("step-00000005.safetensors", Path.GetFileName(checkpoints.FindNewest()));

        (int other, _, string difference) = Run("train", "--steps", "6", "--optimizer", "adamw", "--out", Out("t"), "--resume", "auto");
        Assert.Equal(ExitCode.CheckpointRefused, other);
        Assert.Contains("setting.steps", difference, StringComparison.Ordinal);

        (int damaged, _, _) = Run(
            "train", "--steps", "5", "--optimizer", "adamw", "--out", Out("u"), "--resume", Damaged(checkpoints.FindNewest()!));
        Assert.Equal(ExitCode.CheckpointRefused, damaged);
    }

    [Fact]
    public void A_run_does_not_continue_before_the_end_of_another_in_the_same_folder()
    {
        string[] command = ["train", "--steps", "4", "--optimizer", "adamw", "--set", "checkpointEvery=2", "--out", Out("t")];
        Assert.Equal(ExitCode.Fine, Run(command).Code);
        string early = Path.Combine(_folder, "t", "checkpoints", "step-00000002.safetensors");
        (int code, _, string error) = Run([.. command, "--resume", early]);
        Assert.Equal(ExitCode.CheckpointRefused, code);
        Assert.Contains("step 4", error, StringComparison.Ordinal);
        Assert.Equal(ExitCode.Fine, Run([.. command[..^1], Out("u"), "--resume", early]).Code);
    }

    [Fact]
    public void Training_starts_from_the_weights_of_another_run()
    {
        Assert.Equal(ExitCode.Fine, Run("train", "--steps", "5", "--optimizer", "adamw", "--out", Out("t")).Code);
        string weights = new CheckpointFolder(Path.Combine(_folder, "t", "checkpoints")).FindNewest()!;
        Assert.Equal(ExitCode.Fine, Run(
            "train", "--steps", "1", "--seed", "1", "--optimizer", "sgd", "--init", weights, "--out", Out("u")).Code);

        (int code, _, string error) = Run(
            "train", "--steps", "1", "--set", "hidden=256-64", "--optimizer", "sgd", "--init", weights, "--out", Out("v"));
        Assert.Equal(ExitCode.CheckpointRefused, code);
        Assert.Contains("layers.1.weight has the shape [128,256] in the file, but [64,256] in the model", error, StringComparison.Ordinal);

        (int renamed, _, string missing) = Run(
            "train", "--steps", "1", "--optimizer", "sgd", "--init", weights, "--map", "layers.0.=first.", "--out", Out("w"));
        Assert.Equal(ExitCode.CheckpointRefused, renamed);
        Assert.Contains("first.weight is in the file, but not in the model", missing, StringComparison.Ordinal);
    }

    [Fact]
    public void A_dry_run_prints_the_memory_and_trains_nothing()
    {
        (int code, string output, _) = Run("train", "--dry-run", "--optimizer", "adamw", "--out", Out("t"));
        Assert.Equal(ExitCode.Fine, code);
        Assert.Contains("layers.0.weight", output, StringComparison.Ordinal);
        Assert.Contains("1,881,168", output, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Path.Combine(_folder, "t")));
    }

    [Theory]
    [InlineData("compare --optimizers microadm", "did you mean 'microadam'")]
    [InlineData("compare --optimizers adamw[beta3=0.9]", "did you mean 'beta1'")]
    [InlineData("compare --set bacth=3", "did you mean 'batch'")]
    [InlineData("compare --set optimizer.densty=0.1", "did you mean 'density'")]
    [InlineData("compare --set batch", "write key=value")]
    [InlineData("compare --set batch=0", "batch")]
    [InlineData("compare --optimizers adamw[learningRate=1] --rates 1,2", "one of the two")]
    [InlineData("compare --seeds 0", "--seeds is 0; it must be at least 1.")]
    [InlineData("compare --threads 0", "--threads is 0; it must be at least 1.")]
    [InlineData("compare --optimizers adamw[beta1=2]", "beta1")]
    [InlineData("train --map a=b", "--map renames the tensors of --init, which is missing")]
    [InlineData("train sotu-bytes --set batch=100000000", "is more than an array holds")]
    [InlineData("train sotu-bytes --set context=100000000", "it must be less than the")]
    [InlineData("train glosses-transformer --set context=2000000000", "it must be at most 65536")]
    [InlineData("train --resume auto", "--out")]
    [InlineData("train --resume a --init b", "exclude each other")]
    public void A_wrong_request_is_one_sentence_and_exit_code_2(string line, string expected)
    {
        (int code, _, string error) = Run(line.Split(' '));
        Assert.Equal(ExitCode.Usage, code);
        Assert.Contains(expected, error, StringComparison.Ordinal);
        Assert.Single(error.Trim().Split('\n'));
    }

    [Fact]
    public void A_dry_run_says_what_becomes_of_every_parameter_and_warns()
    {
        (int code, string output, _) = Run("train", "sotu-bytes", "--optimizer", "ldadam[rank=90]", "--dry-run");
        Assert.Equal(ExitCode.Fine, code);
        Assert.Contains("dense: name in denseNames", output, StringComparison.Ordinal);
        Assert.Contains("low-rank, rank 90, basis right", output, StringComparison.Ordinal);
        Assert.Contains("warning: blocks.0.attention.query.weight: rank 90 saves nothing", output, StringComparison.Ordinal);
        Assert.DoesNotContain("warning: blocks.0.feedForward", output, StringComparison.Ordinal);
    }

    [Fact]
    public void A_missing_file_is_a_failure()
    {
        (int code, _, string error) = Run("train", "--resume", Path.Combine(_folder, "none.safetensors"), "--out", Out("t"));
        Assert.Equal(ExitCode.Failure, code);
        Assert.Contains("none.safetensors", error, StringComparison.Ordinal);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static (int Code, string Output, string Error) Run(params string[] arguments) => Run(CancellationToken.None, arguments);

    private static (int Code, string Output, string Error) Run(CancellationToken interrupted, params string[] arguments)
    {
        using StringWriter output = new();
        using StringWriter error = new();
        int code = CommandLine.Run(arguments, output, error, interrupted);
        return (code, output.ToString(), error.ToString());
    }

    private string Out(string name) => Path.Combine(_folder, name);

    private string Damaged(string checkpoint)
    {
        byte[] bytes = File.ReadAllBytes(checkpoint);
        bytes[^1] ^= 1;
        string damaged = Path.Combine(_folder, "damaged.safetensors");
        File.WriteAllBytes(damaged, bytes);
        return damaged;
    }
}
