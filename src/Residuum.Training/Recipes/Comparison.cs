using Residuum.Training.Trainer;

namespace Residuum.Training.Recipes;

/// <summary>Runs several optimizers from the same start: per seed the same initial weights, the same data in the same order.</summary>
/// <remarks>
/// With rates to search, every optimizer is run at each rate with the first seed; the rate with the lowest validation loss is kept, and all
/// seeds run at it. The test part is looked at by the final runs alone.
/// </remarks>
public static class Comparison
{
    /// <summary>Runs it.</summary>
    /// <param name="factory">Makes the runs.</param>
    /// <param name="choices">The optimizers.</param>
    /// <param name="rates">The rates to search; empty to use the default rates.</param>
    /// <param name="seeds">How many seeds: 0, 1, ...</param>
    /// <param name="interrupted">Asks to stop after the step at hand.</param>
    /// <param name="ranks">
    /// Makes the optimizer and the exchange of one of several ranks, which all run the same comparison; null, or a null answer, for runs of
    /// one process.
    /// </param>
    /// <returns>All finished runs; <see cref="ComparisonResult.Interrupted"/> says whether some are missing.</returns>
    public static ComparisonResult Run(
        RunFactory factory,
        IReadOnlyList<OptimizerChoice> choices,
        IReadOnlyList<double> rates,
        int seeds,
        CancellationToken interrupted,
        Func<OptimizerChoice, RankOptimizerMaker?>? ranks = null)
    {
        ArgumentNullException.ThrowIfNull(factory);
        ArgumentNullException.ThrowIfNull(choices);
        ArgumentNullException.ThrowIfNull(rates);
        List<RunResult> search = [];
        List<RunResult> results = [];
        foreach (OptimizerChoice choice in choices)
        {
            foreach (double rate in rates)
            {
                RunResult tried = factory.Create(choice, rate, seed: 0, search: true, ranks: ranks?.Invoke(choice)).Run(interrupted);
                if (tried.Outcome == RunOutcome.Interrupted)
                {
                    return new ComparisonResult(results, search, Interrupted: true);
                }

                search.Add(tried);
            }

            double chosen = rates.Count == 0 ? factory.DefaultRate(choice) : Best(search.Where(run => run.Optimizer == choice.Text));
            for (int seed = 0; seed < seeds; seed++)
            {
                RunResult run = factory.Create(choice, chosen, seed, ranks: ranks?.Invoke(choice)).Run(interrupted);
                if (run.Outcome == RunOutcome.Interrupted)
                {
                    return new ComparisonResult(results, search, Interrupted: true);
                }

                results.Add(run);
            }
        }

        return new ComparisonResult(results, search, Interrupted: false);
    }

    // A diverged run has no validation loss and loses to any other; if all diverged, the smallest rate is kept and its rows say so.
    private static double Best(IEnumerable<RunResult> tried) =>
        tried.OrderBy(run => run.Validation?.Loss is double loss && double.IsFinite(loss) ? loss : double.PositiveInfinity)
            .ThenBy(run => run.Rate).First().Rate;
}
