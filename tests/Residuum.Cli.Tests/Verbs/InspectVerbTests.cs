using Residuum.State;

namespace Residuum.Cli.Tests.Verbs;

public sealed class InspectVerbTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("residuum-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_checkpoint_is_listed_and_verified()
    {
        (int code, string output, string error) = Run("inspect", Save("a", 7, [1, 2, 3]));
        Assert.Equal((ExitCode.Fine, ""), (code, error));
        Assert.Contains("its checksum agrees", output, StringComparison.Ordinal);
        Assert.Contains("method: test", output, StringComparison.Ordinal);
        Assert.Matches(@"model\.weight +F32 +\[3\] +12\n", output);
        Assert.Matches(@"trainer\.step +I64 +\[\] +8  = 7\n", output);
        Assert.Contains("all: 2 tensors, 20 bytes", output, StringComparison.Ordinal);
    }

    [Fact]
    public void Two_checkpoints_are_compared()
    {
        string first = Save("a", 7, [1, 2, 3]);
        (int code, string output, _) = Run("inspect", first, Save("b", 7, [1, 2, 3]));
        Assert.Equal(ExitCode.Fine, code);
        Assert.Contains("all 2 tensors are the same bits", output, StringComparison.Ordinal);

        (code, output, _) = Run("inspect", first, Save("c", 9, [1, 2.5f, 3]));
        Assert.Equal(ExitCode.Failure, code);
        Assert.Contains("model.weight: 1 of 3 elements differ, by at most 0.5", output, StringComparison.Ordinal);
        Assert.Contains("trainer.step: 1 of 1 elements differ, by at most 2", output, StringComparison.Ordinal);

        (code, output, _) = Run("inspect", first, Save("d", 7, [1, 2]));
        Assert.Equal(ExitCode.Failure, code);
        Assert.Contains("model.weight: F32 [3] / F32 [2]", output, StringComparison.Ordinal);
    }

    [Fact]
    public void Foreign_files_are_listed_without_a_checksum()
    {
        string path = Path.Combine(_folder, "foreign");
        SafetensorsWriter.Write(path, [TensorSource.Of("w", ElementType.U8, [2], stream => stream.Write([1, 2]))]);
        (int code, string output, _) = Run("inspect", path);
        Assert.Equal(ExitCode.Fine, code);
        Assert.Contains("not a checkpoint of Residuum", output, StringComparison.Ordinal);
        (code, output, _) = Run("inspect", path, Save("a", 1, [1]));
        Assert.Equal(ExitCode.Failure, code);
        Assert.Contains("w: only in the first", output, StringComparison.Ordinal);
        Assert.Contains("model.weight: only in the second", output, StringComparison.Ordinal);
    }

    [Fact]
    public void Damaged_files_are_refused_with_exit_code_4()
    {
        string path = Save("a", 7, [1, 2, 3]);
        byte[] bytes = File.ReadAllBytes(path);
        bytes[^1] ^= 1;
        File.WriteAllBytes(path, bytes);
        Refused("checksum", path);
        File.WriteAllBytes(path, bytes[..^4]);
        Refused("MetadataIncompleteBuffer", path);
        File.WriteAllBytes(path, "hello"u8.ToArray());
        Refused("HeaderTooSmall", path);
        Refused("HeaderTooSmall", Save("b", 7, [1]), path);
    }

    [Fact]
    public void A_missing_file_and_a_missing_argument_are_told()
    {
        (int code, _, string error) = Run("inspect", Path.Combine(_folder, "none"));
        Assert.Equal(ExitCode.Failure, code);
        Assert.Contains("none", error, StringComparison.Ordinal);
        Assert.Equal(ExitCode.Usage, Run("inspect").Code);
        Assert.Equal(ExitCode.Usage, Run("inspect", "a", "b", "c").Code);
    }

    private static void Refused(string reason, params string[] paths)
    {
        (int code, string output, string error) = Run(["inspect", .. paths]);
        Assert.Equal((ExitCode.CheckpointRefused, ""), (code, output));
        Assert.Contains(reason, error, StringComparison.Ordinal);
        Assert.Contains(paths[^1], error, StringComparison.Ordinal);
        Assert.Single(error.Trim().Split('\n'));
    }

    private static (int Code, string Output, string Error) Run(params string[] arguments)
    {
        using StringWriter output = new();
        using StringWriter error = new();
        int code = CommandLine.Run(arguments, output, error, CancellationToken.None);
        return (code, output.ToString(), error.ToString());
    }

    private string Save(string name, long step, float[] weights)
    {
        CheckpointContent content = new();
        content.Require("method", "test");
        content.Add(new Parameter("weight", [weights.Length], weights, new float[weights.Length]));
        content.Add(StateField.Of<long>(null, new FieldSpec("trainer.step", ElementType.I64), new[] { step }));
        string path = Path.Combine(_folder, name);
        Checkpoint.Save(path, content);
        return path;
    }
}
