using Residuum.State;

namespace Residuum.Tests.State;

public class CheckpointTests
{
    private readonly float[] _weights = [1, -2, 3, 4, 5, 6];
    private readonly long[] _step = [42];
    private readonly ushort[] _window = [1, 2, 3];

    [Fact]
    public void What_is_saved_is_loaded_bit_for_bit()
    {
        using TemporaryFolder folder = new();
        Checkpoint.Save(folder.File("c"), Content());
        float[] weights = [.. _weights];
        Clear();
        IReadOnlyDictionary<string, string> metadata = Checkpoint.Load(folder.File("c"), Content());
        Assert.Equal(weights, _weights);
        Assert.Equal(42, _step[0]);
        Assert.Equal([1, 2, 3], _window);
        Assert.Equal(
            ("residuum", "1", "test", "free text"), (metadata["format"], metadata["format_version"], metadata["method"], metadata["note"]));
    }

    [Fact]
    public void The_file_has_the_documented_names_and_types()
    {
        using TemporaryFolder folder = new();
        Checkpoint.Save(folder.File("c"), Content());
        using SafetensorsFile file = Checkpoint.OpenVerified(folder.File("c"));
        Assert.Equal(
            ["trainer.step I64 []", "model.layer.weight F32 [2,3]", "optim.layer.weight.window BF16 [3]"],
            file.Tensors.Select(tensor => $"{tensor.Name} {tensor.TypeName} {tensor.ShapeText}"));
    }

    [Fact]
    public void A_mismatch_lists_every_difference_and_changes_nothing()
    {
        using TemporaryFolder folder = new();
        Checkpoint.Save(folder.File("c"), Content());
        Clear();
        CheckpointContent other = new();
        other.Require("method", "other");
        other.Require("absent", "x");
        other.Check(file => [$"there are {file.Count} texts"]);
        bool restored = false;
        other.Restore(_ => restored = true);
        other.Add(new Parameter("layer.weight", [3, 2], _weights, new float[6]));
        other.Add(StateField.Of<ushort>("layer.weight", new FieldSpec("window", ElementType.U16, 3), _window), "optim.");
        other.Add(StateField.Of<long>(null, new FieldSpec("trainer.epoch", ElementType.I64), _step));
        CheckpointException exception = Assert.Throws<CheckpointException>(() => Checkpoint.Load(folder.File("c"), other));
        Assert.Equal(CheckpointError.Mismatch, exception.Reason);
        Assert.Equal(
            [
                "method is 'test' in the checkpoint, but 'other' here",
                "absent is not given in the checkpoint, but 'x' here",
                "there are 6 texts",
                "model.layer.weight has the shape [2,3] in the checkpoint, but [3,2] here",
                "optim.layer.weight.window is of type BF16 in the checkpoint, but U16 here",
                "trainer.epoch is missing in the checkpoint",
                "trainer.step is in the checkpoint, but not here",
            ],
            exception.Differences);
        Assert.All(exception.Differences, difference => Assert.Contains(difference, exception.Message, StringComparison.Ordinal));
        Assert.False(restored);
        Assert.All(_weights, weight => Assert.Equal(0, weight));
        Assert.Equal(0, _step[0]);
    }

    [Fact]
    public void A_message_shows_the_first_differences_and_counts_the_rest()
    {
        using TemporaryFolder folder = new();
        CheckpointContent many = new();
        for (int i = 0; i < 50; i++)
        {
            many.Add(StateField.Of<long>(null, new FieldSpec($"trainer.n{i:D2}", ElementType.I64), new long[1]));
        }

        Checkpoint.Save(folder.File("c"), many);
        CheckpointException exception = Assert.Throws<CheckpointException>(
            () => Checkpoint.Load(folder.File("c"), new CheckpointContent()));
        Assert.Equal(50, exception.Differences.Count);
        Assert.Equal(22, exception.Message.Split('\n').Length);
        Assert.EndsWith("and 30 more differences", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Part_of_a_checkpoint_can_be_taken()
    {
        using TemporaryFolder folder = new();
        Checkpoint.Save(folder.File("c"), Content());
        float[] model = new float[6];
        CheckpointContent part = new();
        part.Add(new Parameter("layer.weight", [2, 3], model, new float[6]));
        Assert.Throws<CheckpointException>(() => Checkpoint.Load(folder.File("c"), part));
        part.Ignore("optim.");
        part.Ignore("trainer.");
        Checkpoint.Load(folder.File("c"), part);
        Assert.Equal(_weights, model);
    }

    [Fact]
    public void Restores_run_after_the_tensors_are_loaded()
    {
        using TemporaryFolder folder = new();
        Checkpoint.Save(folder.File("c"), Content());
        Clear();
        CheckpointContent content = Content();
        long seen = 0;
        content.Restore(metadata => seen = _step[0] + metadata["note"].Length);
        Checkpoint.Load(folder.File("c"), content);
        Assert.Equal(42 + "free text".Length, seen);
    }

    [Fact]
    public void Every_changed_byte_is_noticed_and_changes_nothing()
    {
        using TemporaryFolder folder = new();
        string path = folder.File("c");
        Checkpoint.Save(path, Content());
        Clear();
        byte[] bytes = File.ReadAllBytes(path);
        for (int position = 0; position < bytes.Length; position++)
        {
            byte[] changed = [.. bytes];
            changed[position] ^= 1;
            File.WriteAllBytes(path, changed);
            CheckpointException exception = Assert.Throws<CheckpointException>(() => Checkpoint.Load(path, Content()));
            Assert.NotEqual(CheckpointError.Mismatch, exception.Reason);
        }

        for (int length = 0; length < bytes.Length; length++)
        {
            File.WriteAllBytes(path, bytes[..length]);
            Assert.Equal(CheckpointError.Malformed, Assert.Throws<CheckpointException>(() => Checkpoint.Load(path, Content())).Reason);
        }

        Assert.All(_weights, weight => Assert.Equal(0, weight));
    }

    [Fact]
    public void Other_safetensors_files_and_newer_versions_are_no_checkpoints()
    {
        using TemporaryFolder folder = new();
        TensorSource tensor = SafetensorsWriterTests.Source<float>("w", ElementType.F32, [1]);
        Refused(CheckpointError.NotACheckpoint, []);
        Refused(CheckpointError.NotACheckpoint, new() { ["format"] = "pt" });
        Refused(CheckpointError.NotACheckpoint, new() { ["format"] = "residuum" });
        Refused(CheckpointError.NotACheckpoint, new() { ["format"] = "residuum", ["format_version"] = "2" });
        Refused(CheckpointError.ChecksumMismatch, new() { ["format"] = "residuum", ["format_version"] = "1" });
        Refused(CheckpointError.ChecksumMismatch, new() { ["format"] = "residuum", ["format_version"] = "1", ["checksum"] = "" });
        string quotes = "xxh64:" + new string('"', 16);
        Refused(CheckpointError.ChecksumMismatch, new() { ["format"] = "residuum", ["format_version"] = "1", ["checksum"] = quotes });

        void Refused(CheckpointError expected, Dictionary<string, string> metadata)
        {
            SafetensorsWriter.Write(folder.File("f"), [tensor], metadata);
            Assert.Equal(expected, Assert.Throws<CheckpointException>(() => Checkpoint.OpenVerified(folder.File("f"))).Reason);
        }
    }

    [Fact]
    public void Names_are_unique_and_the_librarys_own_texts_are_not_given()
    {
        CheckpointContent content = Content();
        Assert.Throws<ArgumentException>(() => content.Describe("note", "again"));
        Assert.Throws<ArgumentException>(
            () => content.Add(StateField.Of<long>(null, new FieldSpec("trainer.step", ElementType.I64), _step)));
        using TemporaryFolder folder = new();
        foreach (string key in (string[])["format", "format_version", "library_version", "checksum"])
        {
            CheckpointContent own = new();
            own.Describe(key, "mine");
            Assert.Throws<ArgumentException>(() => Checkpoint.Save(folder.File("c"), own));
        }
    }

    private CheckpointContent Content()
    {
        CheckpointContent content = new();
        content.Require("method", "test");
        content.Describe("note", "free text");
        content.Add(new Parameter("layer.weight", [2, 3], _weights, new float[6]));
        content.Add(StateField.Of<ushort>("layer.weight", new FieldSpec("window", ElementType.BF16, 3), _window), "optim.");
        content.Add(StateField.Of<long>(null, new FieldSpec("trainer.step", ElementType.I64), _step));
        return content;
    }

    private void Clear()
    {
        _weights.AsSpan().Clear();
        _window.AsSpan().Clear();
        _step[0] = 0;
    }
}
