using Residuum.Training.Trainer;

namespace Residuum.Cli.Reports.Terminal;

/// <summary>The words in which progress is told, on a terminal and in plain lines alike.</summary>
internal static class ProgressText
{
    /// <summary>What run it is.</summary>
    public static string Caption(RunPlan plan) =>
        $"{plan.Optimizer} rate {NumberText.Rate(plan.Rate)} seed {plan.Seed}{(plan.IsSearch ? " (search)" : "")}";

    /// <summary>What a run will do.</summary>
    public static string Announcement(RunPlan plan) =>
        $"{Caption(plan)}: {NumberText.Count(plan.Steps)} steps of {NumberText.Count(plan.ExamplesPerStep)} {plan.ExampleUnit}, "
        + $"{NumberText.Count(plan.Parameters)} weights, state {NumberText.Bytes(plan.StateBytes)}"
        + string.Concat(plan.OptimizerOptions.Select(option => $", {option.Key}={option.Value}"))
        + (plan.FirstStep > 0 ? $", resumed after step {NumberText.Count(plan.FirstStep)}" : "");

    /// <summary>Where a run stands: loss, rate, time per step, state, time left.</summary>
    public static string Status(RunPlan plan, MetricPoint point)
    {
        string validation = point.Validation is null ? "" : $"  validation {Quality(point.Validation)}";
        return $"{NumberText.Count(point.Step)}/{NumberText.Count(plan.Steps)}  loss {NumberText.Loss(point.TrainLoss)}"
            + $"  rate {NumberText.Rate(point.LearningRate)}  {NumberText.Milliseconds(point.MsPerStep)} ms/step"
            + $"  state {NumberText.Bytes(plan.StateBytes)}  left {NumberText.Duration(SecondsLeft(plan, point))}{validation}";
    }

    /// <summary>How a run ended.</summary>
    public static string Outcome(RunPlan plan, RunResult result)
    {
        string how = result.Outcome switch
        {
            RunOutcome.Diverged => $"diverged at step {NumberText.Count(result.Steps)}",
            RunOutcome.Interrupted => $"interrupted at step {NumberText.Count(result.Steps)}",
            _ => $"loss {NumberText.Loss(result.TrainLoss)}",
        };
        EvaluationResult? last = result.Test ?? result.Validation;
        string quality = last is null ? "" : $"  {(result.Test is null ? "validation" : "test")} {Quality(last)}";
        string skipped = result.SkippedSteps == 0 ? "" : $"  {NumberText.Count(result.SkippedSteps)} steps skipped";
        return $"{Caption(plan)}: {how}{quality}  {NumberText.Milliseconds(result.MsPerStep)} ms/step"
            + $"  optimizer {NumberText.Milliseconds(result.OptimizerMsPerStep)} ms  {NumberText.Duration(result.Seconds)}{skipped}";
    }

    private static string Quality(EvaluationResult evaluation) =>
        evaluation.Accuracy is double accuracy ? $"{NumberText.Loss(evaluation.Loss)} ({NumberText.Percent(accuracy)} %)"
        : evaluation.BitsPerByte is double bits ? $"{NumberText.Loss(evaluation.Loss)} ({NumberText.Loss(bits)} bits per byte)"
        : NumberText.Loss(evaluation.Loss);

    private static double SecondsLeft(RunPlan plan, MetricPoint point) =>
        point.Step == 0 ? double.NaN : point.Seconds / point.Step * (plan.Steps - point.Step);
}
