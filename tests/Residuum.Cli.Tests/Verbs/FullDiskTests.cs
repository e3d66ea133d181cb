using Residuum.State;
using Residuum.Tests.State;

namespace Residuum.Cli.Tests.Verbs;

public class FullDiskTests
{
    [MountFact]
    public void Training_onto_a_full_disk_ends_with_1_and_keeps_the_checkpoints_before()
    {
        using SmallDisk disk = new();
        string run = Path.Combine(disk.Path, "run");
        using StringWriter output = new();
        using StringWriter error = new();
        int code = CommandLine.Run(
            ["train", "--optimizer", "adamw", "--steps", "6", "--set", "hidden=48", "--set", "checkpointEvery=2", "--out", run],
            output,
            error,
            CancellationToken.None);
        Assert.Equal(ExitCode.Failure, code);
        Assert.Contains("step-00000006.safetensors", error.ToString(), StringComparison.Ordinal);
        Assert.Contains("full", error.ToString(), StringComparison.Ordinal);
        Assert.Contains("Nothing was overwritten", error.ToString(), StringComparison.Ordinal);
        Assert.Single(error.ToString().Trim().Split('\n'));
        CheckpointFolder folder = new(Path.Combine(run, "checkpoints"));
        Assert.Equal(folder.FileOf(4), folder.FindNewest());
        Checkpoint.OpenVerified(folder.FileOf(2)).Dispose();
        Assert.Empty(Directory.GetFiles(folder.Path, "*.partial"));
    }
}
