using Residuum.Optimizers;

namespace Residuum.Training.Trainer;

/// <summary>A finished (or diverged, or interrupted) training run: one row of a comparison.</summary>
public sealed record RunResult
{
    /// <summary>The optimizer as it was asked for, options in brackets included.</summary>
    public required string Optimizer { get; init; }

    /// <summary>The base learning rate.</summary>
    public required double Rate { get; init; }

    /// <summary>The run's seed: initial weights, order of the data and dropout.</summary>
    public required int Seed { get; init; }

    /// <summary>Updates done.</summary>
    public required long Steps { get; init; }

    /// <summary>Mean training loss over the last tenth of the steps, in nats per example or token.</summary>
    public required double TrainLoss { get; init; }

    /// <summary>The last evaluation on the validation part; null if there was none.</summary>
    public EvaluationResult? Validation { get; init; }

    /// <summary>The evaluation on the test part at the end; null if there was none.</summary>
    public EvaluationResult? Test { get; init; }

    /// <summary>The number of trained weights.</summary>
    public required long Parameters { get; init; }

    /// <summary>Bytes of optimizer state; of several ranks, of the first, its error memories included.</summary>
    public required long StateBytes { get; init; }

    /// <summary>Bytes of all memory for gradients; of several ranks, of the first.</summary>
    public long GradientBytes { get; init; }

    /// <summary>Bytes of all memory for weights; of several ranks, of the first.</summary>
    public long ParameterBytes { get; init; }

    /// <summary>Bytes of optimizer state for each trained weight.</summary>
    public double StateBytesPerParameter => Parameters == 0 ? 0 : (double)StateBytes / Parameters;

    /// <summary>Milliseconds of the optimizer's step, the median.</summary>
    public required double OptimizerMsPerStep { get; init; }

    /// <summary>Milliseconds of a whole step, the median: data, forward, backward and update.</summary>
    public required double MsPerStep { get; init; }

    /// <summary>Seconds of training, evaluations left out.</summary>
    public required double Seconds { get; init; }

    /// <summary>How many ranks took part.</summary>
    public int Ranks { get; init; } = 1;

    /// <summary>What the first rank's exchanges have sent and cost since this process started; null for a run of one process.</summary>
    public ExchangeAccount? Exchange { get; init; }

    /// <summary>Steps that the guard skipped because a gradient was not finite.</summary>
    public long SkippedSteps { get; init; }

    /// <summary>How the run ended.</summary>
    public required RunOutcome Outcome { get; init; }

    /// <summary>Whether the watchdog stopped the run.</summary>
    public bool Diverged => Outcome == RunOutcome.Diverged;

    /// <summary>The run's curve.</summary>
    public IReadOnlyList<MetricPoint> History { get; init; } = [];
}
