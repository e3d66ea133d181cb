using Residuum.Training.Logging;

namespace Residuum.Training.Tests.Logging;

public sealed class MetricsWriterTests
{
    [Fact]
    public void One_object_a_line_with_words_for_what_is_not_finite()
    {
        using TemporaryDirectory directory = new();
        string path = directory.PathOf("metrics.jsonl");
        using (MetricsWriter writer = new(path))
        {
            writer.Write(1, new("loss", 0.5), new("learningRate", 1e-3));
            writer.Write(2, new("loss", double.NaN), new("gradientNorm", double.PositiveInfinity), new("x", double.NegativeInfinity));
        }

        Assert.Equal(
            "{\"step\":1,\"loss\":0.5,\"learningRate\":0.001}\n{\"step\":2,\"loss\":\"NaN\",\"gradientNorm\":\"Infinity\",\"x\":\"-Infinity\"}\n",
            File.ReadAllText(path));
    }

    [Fact]
    public void Resumed_file_keeps_the_lines_up_to_the_checkpoint_and_drops_the_rest()
    {
        using TemporaryDirectory directory = new();
        string path = directory.PathOf("metrics.jsonl");
        File.WriteAllText(path, "{\"step\":1,\"loss\":3}\n{\"step\":2,\"loss\":2}\n{\"step\":3,\"loss\":1}\n{\"step\":4,\"lo");
        using (MetricsWriter writer = new(path, resumedAtStep: 2))
        {
            writer.Write(3, new KeyValuePair<string, double>("loss", 1.5));
        }

        Assert.Equal("{\"step\":1,\"loss\":3}\n{\"step\":2,\"loss\":2}\n{\"step\":3,\"loss\":1.5}\n", File.ReadAllText(path));
    }

    [Fact]
    public void Half_a_last_line_is_dropped()
    {
        using TemporaryDirectory directory = new();
        string path = directory.PathOf("metrics.jsonl");
        File.WriteAllText(path, "{\"step\":1}\n{\"st");
        using (MetricsWriter writer = new(path, resumedAtStep: 9))
        {
            writer.Write(10);
        }

        Assert.Equal("{\"step\":1}\n{\"step\":10}\n", File.ReadAllText(path));
    }

    [Fact]
    public void Another_file_is_refused_and_left_as_it_is()
    {
        using TemporaryDirectory directory = new();
        string path = directory.PathOf("metrics.jsonl");
        File.WriteAllText(path, "a shopping list\n");

        Assert.Throws<InvalidDataException>(() => new MetricsWriter(path, resumedAtStep: 1));
        Assert.Equal("a shopping list\n", File.ReadAllText(path));
    }
}
