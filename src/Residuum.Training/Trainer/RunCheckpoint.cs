using System.Globalization;
using Residuum.Optimizers;
using Residuum.Schedules;
using Residuum.State;
using Residuum.Training.Layers;

namespace Residuum.Training.Trainer;

/// <summary>
/// What a run's checkpoint consists of: model (<c>model.*</c>, buffers included), optimizer (<c>optim.*</c>), the loop's counters
/// (<c>trainer.*</c>), and as texts the recipe, its settings (<c>setting.*</c>), the optimizer, rate and seed.
/// </summary>
internal static class RunCheckpoint
{
    // These change what is written down, not how training goes.
    private static readonly string[] Harmless = ["logEvery", "evaluateEvery", "evaluateRows", "checkpointEvery", "keep", "diagnoseEvery"];

    // Of these, what a plateau learns of the validation loss depends on.
    private static readonly string[] OfEvaluation = ["evaluateEvery", "evaluateRows"];

    /// <summary>The list that saves and loads.</summary>
    /// <param name="plan">The run.</param>
    /// <param name="task">Its task.</param>
    /// <param name="optimizer">Its optimizer.</param>
    /// <param name="counters">What the loop remembers.</param>
    /// <param name="plateau">What has lowered the base rate so far; null if nothing can.</param>
    public static CheckpointContent Content(
        RunPlan plan, TrainingTask task, Optimizer optimizer, RunCounters counters, ReduceOnPlateau? plateau)
    {
        CheckpointContent content = new();
        content.Add(optimizer);
        foreach (LayerBuffer buffer in task.Model.Buffers)
        {
            long[] shape = [.. buffer.Shape.ToArray().Select(dimension => (long)dimension)];
            content.Add(StateField.Of("model", new FieldSpec(buffer.Name, ElementType.F32, shape), buffer.Values));
        }

        foreach (StateField field in counters.State)
        {
            content.Add(field);
        }

        foreach (StateField field in plateau?.State ?? [])
        {
            content.Add(field, "trainer.");
        }

        content.Describe("step", counters.Step.ToString(CultureInfo.InvariantCulture));
        content.Require("recipe", plan.Recipe);
        content.Require("optimizer", plan.Optimizer);
        content.Require("rate", plan.Rate.ToString("R", CultureInfo.InvariantCulture));
        content.Require("seed", plan.Seed.ToString(CultureInfo.InvariantCulture));
        content.Require("steps_per_epoch", task.StepsPerEpoch.ToString(CultureInfo.InvariantCulture));
        foreach ((string key, string value) in plan.Settings)
        {
            if (Harmless.Contains(key, StringComparer.Ordinal) && (plateau is null || !OfEvaluation.Contains(key, StringComparer.Ordinal)))
            {
                content.Describe($"setting.{key}", value);
            }
            else
            {
                content.Require($"setting.{key}", value);
            }
        }

        return content;
    }
}
