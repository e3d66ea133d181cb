namespace Residuum.Training.Trainer;

/// <summary>What was measured of a run up to one step: one point of its curves and one line of its log.</summary>
public sealed record MetricPoint
{
    /// <summary>Updates done, from 1.</summary>
    public required long Step { get; init; }

    /// <summary>Seconds of training so far, evaluations left out; a resumed run goes on counting where it was.</summary>
    public required double Seconds { get; init; }

    /// <summary>Examples (images, texts) or tokens (bytes) trained on so far.</summary>
    public required long Examples { get; init; }

    /// <summary>Mean training loss over the steps since the point before, in nats per example or token.</summary>
    public required double TrainLoss { get; init; }

    /// <summary>The learning rate of the last of those steps.</summary>
    public required double LearningRate { get; init; }

    /// <summary>Mean milliseconds per step since the point before: data, forward, backward and update.</summary>
    public required double MsPerStep { get; init; }

    /// <summary>The part of <see cref="MsPerStep"/> spent in the optimizer's step.</summary>
    public required double OptimizerMsPerStep { get; init; }

    /// <summary>Euclidean norm of the gradient before clipping at the last step; null where nobody computed it.</summary>
    public double? GradientNorm { get; init; }

    /// <summary>Validation figures, at the steps that were evaluated.</summary>
    public EvaluationResult? Validation { get; init; }

    /// <summary>Figures per parameter (gradient, update and error norms and the like), at the interval asked for.</summary>
    public IReadOnlyList<ParameterDiagnostics> Diagnostics { get; init; } = [];
}
