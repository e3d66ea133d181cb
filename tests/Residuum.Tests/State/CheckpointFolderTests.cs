using Residuum.State;

namespace Residuum.Tests.State;

public class CheckpointFolderTests
{
    [Fact]
    public void The_last_ones_are_kept_and_latest_names_the_newest()
    {
        using TemporaryFolder temporary = new();
        CheckpointFolder folder = new(temporary.File("run"));
        Assert.Null(folder.FindNewest());
        foreach (long step in new long[] { 0, 10, 20, 20, 123_456_789 })
        {
            Assert.Equal(folder.FileOf(step), folder.Save(step, Content(step)));
            Assert.Equal(folder.FileOf(step), folder.FindNewest());
            Assert.Equal(Path.GetFileName(folder.FileOf(step)), File.ReadAllText(Path.Combine(folder.Path, "latest")).Trim());
        }

        Assert.Equal(
            ["latest", "step-00000010.safetensors", "step-00000020.safetensors", "step-123456789.safetensors"],
            Directory.GetFiles(folder.Path).Select(Path.GetFileName).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Damaged_and_half_written_files_and_a_stale_pointer_are_passed_over()
    {
        using TemporaryFolder temporary = new();
        CheckpointFolder folder = new(temporary.Path, keep: 9);
        foreach (long step in new long[] { 1, 2, 3, 4 })
        {
            folder.Save(step, Content(step));
        }

        File.WriteAllText(temporary.File("latest"), "step-00000001.safetensors\n");
        Assert.Equal(folder.FileOf(4), folder.FindNewest());
        byte[] newest = File.ReadAllBytes(folder.FileOf(4));
        File.WriteAllBytes(folder.FileOf(4), newest[..^1]);
        Assert.Equal(folder.FileOf(3), folder.FindNewest());
        byte[] damaged = File.ReadAllBytes(folder.FileOf(3));
        damaged[^1] ^= 1;
        File.WriteAllBytes(folder.FileOf(3), damaged);
        File.WriteAllBytes(folder.FileOf(5) + ".partial", newest);
        temporary.File("step-x.safetensors", newest);
        temporary.File("step-.safetensors", newest);
        File.WriteAllText(temporary.File("latest"), "../../step-00000099.safetensors\n");
        Assert.Equal(folder.FileOf(2), folder.FindNewest());
        File.Delete(temporary.File("latest"));
        Assert.Equal(folder.FileOf(2), folder.FindNewest());

        // Damaged files of later steps do not stop a run that goes on from the newest valid one; its saves replace them.
        folder.Save(3, Content(3));
        Assert.Equal(folder.FileOf(3), folder.FindNewest());
        Assert.False(File.Exists(folder.FileOf(5) + ".partial"));
    }

    [Fact]
    public void Going_back_behind_a_valid_checkpoint_is_refused()
    {
        using TemporaryFolder temporary = new();
        CheckpointFolder folder = new(temporary.Path);
        folder.Save(7, Content(7));
        CheckpointException exception = Assert.Throws<CheckpointException>(() => folder.Save(6, Content(6)));
        Assert.Contains("step 7", exception.Message, StringComparison.Ordinal);
        Assert.False(File.Exists(folder.FileOf(6)));
        folder.EnsureNothingAfter(7);
        Assert.Equal(CheckpointError.LaterCheckpoint, exception.Reason);
        Assert.Throws<CheckpointException>(() => folder.EnsureNothingAfter(0));
    }

    [Fact]
    public void A_folder_keeps_at_least_one() => Assert.Throws<ArgumentOutOfRangeException>(() => new CheckpointFolder("x", keep: 0));

    private static CheckpointContent Content(long step)
    {
        CheckpointContent content = new();
        content.Add(StateField.Of<long>(null, new FieldSpec("trainer.step", ElementType.I64), new[] { step }));
        return content;
    }
}
