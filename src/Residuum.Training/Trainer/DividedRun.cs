using Residuum.Optimizers;

namespace Residuum.Training.Trainer;

/// <summary>What a run cannot do where gradients or weights are divided between the ranks.</summary>
internal static class DividedRun
{
    /// <summary>Refuses it before the first step.</summary>
    /// <param name="task">Model and data.</param>
    /// <param name="settings">How long and how.</param>
    /// <param name="exchange">What joins the ranks; null for a run of its own, which can do all.</param>
    /// <exception cref="ArgumentException">
    /// Gradients are divided, and their norms asked for; or compressed too, and a step has several passes; or weights are divided, and a
    /// rank would have no rows in some pass.
    /// </exception>
    public static void Check(TrainingTask task, RunSettings settings, IExchange? exchange)
    {
        if (exchange?.Gradients is not null && settings.DiagnoseEvery > 0)
        {
            throw new ArgumentException(
                $"The setting diagnoseEvery is {settings.DiagnoseEvery}, but no rank has whole gradients to look at; "
                    + "it must be 0 where gradients are divided between the ranks.",
                nameof(settings));
        }

        if (exchange?.Gradients is { AddsPasses: false } && settings.MicroBatches > 1)
        {
            throw new ArgumentException(
                $"The setting accumulate is {settings.MicroBatches}; it must be 1 where gradients are divided between the ranks and "
                    + "compressed: an error can only be added to the sum of all parts, and nobody has the memory for it.",
                nameof(settings));
        }

        if (exchange?.Values is not null)
        {
            // Ranks gather weights together, pass by pass: all take part in each. The last batch of an epoch is the smallest.
            int rows = Math.Min(task.BatchRows(0), task.BatchRows(task.StepsPerEpoch - 1));
            if (rows < (long)exchange.Size * settings.MicroBatches)
            {
                throw new ArgumentException(
                    $"The smallest batch has {rows} rows, fewer than {exchange.Size} ranks times {settings.MicroBatches} micro-batches; "
                        + "where weights are divided between the ranks, each needs a row in every pass.",
                    nameof(settings));
            }
        }
    }
}
