using Residuum.State;

namespace Residuum.Tests.State;

public class FullDiskTests
{
    [MountFact]
    public void A_full_disk_is_told_and_the_old_checkpoint_stays()
    {
        using SmallDisk disk = new();
        string path = Path.Combine(disk.Path, "c.safetensors");
        Checkpoint.Save(path, Content(100_000));
        byte[] before = File.ReadAllBytes(path);
        IOException exception = Assert.Throws<IOException>(() => Checkpoint.Save(path, Content(300_000)));
        Assert.Contains("full", exception.Message, StringComparison.Ordinal);
        Assert.Contains(path, exception.Message, StringComparison.Ordinal);
        Assert.Contains("Nothing was overwritten", exception.Message, StringComparison.Ordinal);
        Assert.Equal(before, File.ReadAllBytes(path));
        Assert.Single(Directory.GetFiles(disk.Path));
        Checkpoint.Save(path, Content(120_000));
    }

    [MountFact]
    public void A_disk_that_is_full_at_a_later_step_keeps_all_checkpoints_and_their_pointer()
    {
        using SmallDisk disk = new();
        CheckpointFolder folder = new(disk.Path);
        folder.Save(1, Content(80_000));
        folder.Save(2, Content(80_000));
        Assert.Throws<IOException>(() => folder.Save(3, Content(120_000)));
        Assert.Equal(folder.FileOf(2), folder.FindNewest());
        Assert.Equal(
            ["latest", "step-00000001.safetensors", "step-00000002.safetensors"],
            Directory.GetFiles(disk.Path).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        Assert.Equal("step-00000002.safetensors", File.ReadAllText(Path.Combine(disk.Path, "latest")).Trim());
    }

    private static CheckpointContent Content(int elements)
    {
        CheckpointContent content = new();
        content.Add(new Parameter("w", elements));
        return content;
    }
}
