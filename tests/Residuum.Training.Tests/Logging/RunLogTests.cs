using Residuum.Training.Logging;
using Residuum.Training.Trainer;

namespace Residuum.Training.Tests.Logging;

public sealed class RunLogTests
{
    private static readonly RunPlan Plan = new()
    {
        Recipe = "fashion-mlp",
        Optimizer = "microadam",
        Rate = 0.001,
        Seed = 3,
        Steps = 4,
        ExamplesPerStep = 64,
        ExampleUnit = "images",
        Parameters = 10,
        StateBytes = 9,
    };

    [Fact]
    public void Run_leaves_its_settings_its_metrics_and_an_event_file()
    {
        using TemporaryDirectory directory = new();
        using RunLog log = new(_ => directory.Root, ["train"]);
        log.Started(Plan);
        log.Logged(Plan, Point(1) with
        {
            GradientNorm = 2,
            Validation = new EvaluationResult(0.5, Accuracy: 0.75),
            Diagnostics = [new ParameterDiagnostics("layer.weight", new Dictionary<string, double>(StringComparer.Ordinal) { ["errorNorm"] = 0.25 })],
        });
        log.Dispose();

        Assert.Equal(
            "{\"step\":1,\"examples\":64,\"loss\":1.5,\"learningRate\":0.001,\"gradientNorm\":2,\"seconds\":0.5,\"msPerStep\":4,\"optimizerMsPerStep\":1,"
            + "\"stateBytes\":9,\"validationLoss\":0.5,\"validationAccuracy\":0.75,\"layer.weight/errorNorm\":0.25}\n",
            File.ReadAllText(directory.PathOf("metrics.jsonl")));
        Assert.Contains("\"optimizer\": \"microadam\"", File.ReadAllText(directory.PathOf("run.json")), StringComparison.Ordinal);
        Assert.Single(Directory.GetFiles(directory.Root, "*tfevents*"));
    }

    [Fact]
    public void Resumed_run_has_every_step_once()
    {
        using TemporaryDirectory directory = new();
        using RunLog log = new(_ => directory.Root, ["train"]);
        log.Started(Plan);
        log.Logged(Plan, Point(1));
        log.Logged(Plan, Point(2));
        log.Logged(Plan, Point(3));
        RunPlan resumed = Plan with { FirstStep = 2 };
        log.Started(resumed);
        log.Logged(resumed, Point(3));
        log.Dispose();

        string[] lines = File.ReadAllLines(directory.PathOf("metrics.jsonl"));
        Assert.Equal(3, lines.Length);
        Assert.StartsWith("{\"step\":3,", lines[2], StringComparison.Ordinal);
    }

    private static MetricPoint Point(long step) => new()
    {
        Step = step,
        Seconds = 0.5 * step,
        Examples = 64 * step,
        TrainLoss = 1.5,
        LearningRate = 0.001,
        MsPerStep = 4,
        OptimizerMsPerStep = 1,
    };
}
