using System.Text.Json.Nodes;
using Residuum.Training.Logging;

namespace Residuum.Training.Tests.Logging;

public sealed class RunFileTests
{
    [Fact]
    public void Holds_what_a_repetition_needs_and_no_names_of_host_or_user()
    {
        using TemporaryDirectory directory = new();
        string path = directory.PathOf("run.json");
        JsonObject settings = new() { ["recipe"] = "fashion-mlp", ["steps"] = 100 };
        RunFile.Write(path, ["train", "fashion-mlp", "--set", "a=<b>"], 7, settings, new FixedClock(0));

        string text = File.ReadAllText(path);
        JsonObject run = JsonNode.Parse(text)!.AsObject();
        Assert.Equal("1970-01-01T00:00:00Z", (string?)run["started"]);
        Assert.Equal("a=<b>", (string?)run["command"]![3]);
        Assert.Equal(7, (long)run["seed"]!);
        Assert.Equal(100, (int)run["settings"]!["steps"]!);
        Assert.Equal(Environment.ProcessorCount, (int)run["machine"]!["logicalProcessors"]!);
        Assert.StartsWith("0.", (string?)run["residuum"], StringComparison.Ordinal);
        Assert.DoesNotContain(directory.Root, text, StringComparison.Ordinal);
        Assert.Equal(["run.json"], Directory.GetFiles(directory.Root).Select(Path.GetFileName));
    }
}
