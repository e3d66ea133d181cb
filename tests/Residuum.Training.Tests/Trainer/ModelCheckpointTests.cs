using Residuum.State;
using Residuum.Training.Models;
using Residuum.Training.Tests.Data;
using Residuum.Training.Trainer;

namespace Residuum.Training.Tests.Trainer;

public sealed class ModelCheckpointTests
{
    [Fact]
    public void A_model_with_buffers_comes_back_without_the_other_tensors()
    {
        using TemporaryFolder folder = new();
        ResidualNetwork saved = new(seed: 1, height: 8, width: 8, filters: 2, blocksPerStage: 1);
        Assert.NotEmpty(saved.Buffers);
        saved.Buffers[0].Values.Span.Fill(7);
        CheckpointContent content = new();
        ModelCheckpoint.Add(content, saved);
        content.Add(StateField.Of("optim", new FieldSpec("step", ElementType.I64, 1), new long[1].AsMemory()));
        string file = Path.Combine(folder.Root, "a.safetensors");
        Checkpoint.Save(file, content);

        ResidualNetwork loaded = new(seed: 2, height: 8, width: 8, filters: 2, blocksPerStage: 1);
        ModelCheckpoint.Load(file, loaded);
        for (int i = 0; i < saved.Parameters.Count; i++)
        {
            Assert.True(saved.Parameters[i].Values.Span.SequenceEqual(loaded.Parameters[i].Values.Span), saved.Parameters[i].Name);
        }

        for (int i = 0; i < saved.Buffers.Count; i++)
        {
            Assert.True(saved.Buffers[i].Values.Span.SequenceEqual(loaded.Buffers[i].Values.Span), saved.Buffers[i].Name);
        }
    }

    [Fact]
    public void Another_model_is_refused()
    {
        using TemporaryFolder folder = new();
        CheckpointContent content = new();
        ModelCheckpoint.Add(content, new MultilayerPerceptron(1, 4, 3, 2));
        string file = Path.Combine(folder.Root, "a.safetensors");
        Checkpoint.Save(file, content);
        CheckpointException exception = Assert.Throws<CheckpointException>(() => ModelCheckpoint.Load(file, new MultilayerPerceptron(1, 4, 5, 2)));
        Assert.Equal(CheckpointError.Mismatch, exception.Reason);
    }

    [Fact]
    public void A_description_is_read_from_the_metadata()
    {
        using TemporaryFolder folder = new();
        CheckpointContent content = new();
        content.Describe("recipe", "sotu-bytes");
        content.Describe("setting.width", "64");
        content.Describe("setting.schedule", "a \"b\"");
        content.Describe("rate", "0.1");
        string file = Path.Combine(folder.Root, "a.safetensors");
        Checkpoint.Save(file, content);
        CheckpointDescription read = CheckpointDescription.Read(file);
        Assert.Equal("sotu-bytes", read.Recipe);
        Assert.Equal([new("schedule", "a \"b\""), new("width", "64")], read.Settings.OrderBy(pair => pair.Key, StringComparer.Ordinal));
    }

    [Fact]
    public void A_checkpoint_of_something_else_is_refused()
    {
        using TemporaryFolder folder = new();
        string file = Path.Combine(folder.Root, "a.safetensors");
        Checkpoint.Save(file, new CheckpointContent());
        Assert.Contains("name no recipe", Assert.Throws<InvalidDataException>(() => CheckpointDescription.Read(file)).Message, StringComparison.Ordinal);
    }
}
