using Residuum.Cli.Reports;
using Residuum.Training.Trainer;

namespace Residuum.Cli.Tests.Reports;

/// <summary>Made-up runs with curves of the usual shape; no measured numbers.</summary>
internal static class SampleRuns
{
    public const long Steps = 1560;
    public const long Weights = 235_146;

    public static IReadOnlyList<RecordedRun> Comparison(int seeds) =>
        [.. Enumerable.Range(0, seeds).SelectMany(seed => new[]
        {
            Run("sgd", 0.1, seed, final: 0.62, speed: 0.004, stateBytes: 0, optimizerMs: 0.021),
            Run("adamw", 0.001, seed, final: 0.31, speed: 0.006, stateBytes: 8 * Weights, optimizerMs: 0.093),
            Run("microadam", 0.001, seed, final: 0.32, speed: 0.0055, stateBytes: 215_840, optimizerMs: 0.081),
        }),];

    public static RecordedRun Run(
        string optimizer, double rate, int seed, double final, double speed, long stateBytes, double optimizerMs, RunOutcome outcome = RunOutcome.Finished)
    {
        RunPlan plan = new()
        {
            Recipe = "fashion-mlp",
            Optimizer = optimizer,
            Rate = rate,
            Seed = seed,
            Steps = Steps,
            ExamplesPerStep = 64,
            ExampleUnit = "images",
            Parameters = Weights,
            StateBytes = stateBytes,
            Settings = new Dictionary<string, string>(StringComparer.Ordinal) { ["model"] = "784-256-128-10", ["schedule"] = "linear to 0", ["seedOfThisRun"] = $"{seed}" },
        };
        List<MetricPoint> history = [];
        long last = outcome == RunOutcome.Finished ? Steps : Steps / 4;
        for (long step = 10; step <= last; step += 10)
        {
            double noise = 1 + (0.08 * Math.Sin((step * 1.7) + seed + optimizer.Length)) + (0.05 * Math.Sin(step * 0.31 * (seed + 2)));
            double loss = (final + ((2.3 - final) * Math.Exp(-speed * step))) * noise;
            bool diverging = outcome == RunOutcome.Diverged && step > last / 2;
            history.Add(new MetricPoint
            {
                Step = step,
                Seconds = step * (0.004 + (optimizerMs / 1000)),
                Examples = 64 * step,
                TrainLoss = diverging ? Math.Exp(step * 0.03) : loss,
                LearningRate = rate * (1 - ((double)step / Steps)),
                MsPerStep = 4 + optimizerMs,
                OptimizerMsPerStep = optimizerMs,
                Validation = step % 390 == 0 ? new EvaluationResult(loss + 0.05, Accuracy: 0.9 - (loss / 8)) : null,
            });
        }

        MetricPoint end = history[^1];
        return new RecordedRun(plan, new RunResult
        {
            Optimizer = optimizer,
            Rate = rate,
            Seed = seed,
            Steps = last,
            TrainLoss = end.TrainLoss,
            Parameters = Weights,
            StateBytes = stateBytes,
            Validation = end.Validation,
            Test = outcome == RunOutcome.Finished ? new EvaluationResult(final + 0.1, Accuracy: 0.9 - (final / 8)) : null,
            OptimizerMsPerStep = optimizerMs,
            MsPerStep = 4 + optimizerMs,
            Seconds = end.Seconds,
            Outcome = outcome,
            History = history,
        });
    }
}
