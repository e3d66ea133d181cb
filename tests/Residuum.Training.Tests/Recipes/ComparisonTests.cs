using Residuum.Training.Recipes;
using Residuum.Training.Tests.Trainer;
using Residuum.Training.Trainer;

namespace Residuum.Training.Tests.Recipes;

public class ComparisonTests
{
    private static readonly OptimizerChoice[] Choices = [TinyRecipe.Choice("sgd"), TinyRecipe.Choice("adamw")];

    [Fact]
    public void All_optimizers_start_from_the_same_weights_and_see_the_same_data()
    {
        ComparisonResult comparison = Comparison.Run(TinyRecipe.Factory(), Choices, [], seeds: 2, CancellationToken.None);
        Assert.Equal([("sgd", 0), ("sgd", 1), ("adamw", 0), ("adamw", 1)], comparison.Results.Select(run => (run.Optimizer, run.Seed)));
        Assert.Equal(comparison.Results[0].History[0].TrainLoss, comparison.Results[2].History[0].TrainLoss);
        Assert.Equal(comparison.Results[1].History[0].TrainLoss, comparison.Results[3].History[0].TrainLoss);
        Assert.NotEqual(comparison.Results[0].History[0].TrainLoss, comparison.Results[1].History[0].TrainLoss);
        Assert.Equal([0.1, 0.1, 0.01, 0.01], comparison.Results.Select(run => run.Rate));
        Assert.Empty(comparison.Search);
    }

    [Fact]
    public void A_search_runs_every_rate_with_the_first_seed_and_keeps_the_best_by_validation()
    {
        ComparisonResult comparison = Comparison.Run(TinyRecipe.Factory(), Choices, [1e-9, 0.05, 1e30], seeds: 3, CancellationToken.None);
        Assert.Equal(6, comparison.Search.Count);
        Assert.All(comparison.Search, run => Assert.Equal((0, (EvaluationResult?)null), (run.Seed, run.Test)));
        foreach (OptimizerChoice choice in Choices)
        {
            IEnumerable<RunResult> tried = comparison.Search.Where(run => run.Optimizer == choice.Text && !run.Diverged);
            RunResult best = tried.MinBy(run => run.Validation!.Loss)!;
            RunResult[] rows = [.. comparison.Results.Where(run => run.Optimizer == choice.Text)];
            Assert.Equal([0, 1, 2], rows.Select(run => run.Seed));
            Assert.All(rows, run => Assert.Equal(best.Rate, run.Rate));
            Assert.All(rows, run => Assert.NotNull(run.Test));
        }
    }

    [Fact]
    public void A_diverged_run_is_a_row_that_says_so()
    {
        ComparisonResult comparison = Comparison.Run(
            TinyRecipe.Factory(),
            [TinyRecipe.Choice("sgd") with { Rate = 1e30 }, TinyRecipe.Choice("adamw")],
            [],
            seeds: 1,
            CancellationToken.None);
        Assert.Equal([true, false], comparison.Results.Select(run => run.Diverged));
        Assert.False(comparison.Interrupted);
    }

    [Fact]
    public void An_interrupted_comparison_says_so()
    {
        using CancellationTokenSource interrupted = new();
        interrupted.Cancel();
        ComparisonResult comparison = Comparison.Run(TinyRecipe.Factory(), Choices, [], seeds: 1, interrupted.Token);
        Assert.True(comparison.Interrupted);
        Assert.Empty(comparison.Results);
    }
}
