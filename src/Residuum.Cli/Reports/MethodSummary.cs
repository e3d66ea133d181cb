using Residuum.Training.Trainer;

namespace Residuum.Cli.Reports;

/// <summary>All runs of one optimizer at one rate: a row of the results table.</summary>
internal sealed class MethodSummary
{
    private readonly RunResult[] _results;

    private MethodSummary(IEnumerable<RunResult> results) => _results = [.. results];

    public string Optimizer => _results[0].Optimizer;

    public double Rate => _results[0].Rate;

    public int Seeds => _results.Length;

    public int Diverged => _results.Count(result => result.Diverged);

    public bool Interrupted => _results.Any(result => result.Outcome == RunOutcome.Interrupted);

    public long StateBytes => _results[0].StateBytes;

    public double StateBytesPerParameter => _results[0].StateBytesPerParameter;

    public Spread? TrainLoss => Spread.Of(Converged(result => result.TrainLoss));

    public Spread? ValidationLoss => Spread.Of(Converged(result => result.Validation?.Loss));

    public Spread? TestLoss => Spread.Of(Converged(result => result.Test?.Loss));

    public Spread? TestAccuracy => Spread.Of(Converged(result => result.Test?.Accuracy));

    public Spread? BitsPerByte => Spread.Of(Converged(result => result.Test?.BitsPerByte));

    public Spread? Perplexity => Spread.Of(Converged(result => result.Test?.Perplexity));

    public double OptimizerMsPerStep => _results.Average(result => result.OptimizerMsPerStep);

    public double MsPerStep => _results.Average(result => result.MsPerStep);

    /// <summary>Whether this is the dense baseline that others are measured against.</summary>
    public bool IsAdamW => string.Equals(Optimizer.Split('[')[0], "adamw", StringComparison.Ordinal);

    /// <summary>The rows of a comparison, in the order in which the optimizers first appear.</summary>
    public static IReadOnlyList<MethodSummary> Of(IEnumerable<RecordedRun> runs) =>
        [.. ByMethod(runs).Select(group => new MethodSummary(group.Select(run => run.Result)))];

    /// <summary>The runs of each optimizer and rate, in the order in which they first appear.</summary>
    public static IReadOnlyList<IReadOnlyList<RecordedRun>> ByMethod(IEnumerable<RecordedRun> runs) =>
        [.. runs.GroupBy(run => (run.Result.Optimizer, run.Result.Rate)).Select(group => (IReadOnlyList<RecordedRun>)[.. group])];

    // A diverged run's last loss says nothing about the method's quality; the row says how many diverged instead.
    private IEnumerable<double?> Converged(Func<RunResult, double?> figure) => _results.Where(result => !result.Diverged).Select(figure);
}
