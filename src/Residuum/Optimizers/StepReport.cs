namespace Residuum.Optimizers;

/// <summary>What a step did.</summary>
/// <param name="Applied">
/// False if the step was skipped because a gradient was not finite; then nothing has changed but the count of skips.
/// </param>
/// <param name="GradientNorm">
/// The Euclidean norm over all gradients before clipping; NaN where it was not computed (no clipping by norm).
/// </param>
/// <param name="OffendingParameter">The first parameter with a gradient that is not finite, or null.</param>
/// <param name="OffendingIndex">The first such index in it, or -1.</param>
public readonly record struct StepReport(bool Applied, double GradientNorm, string? OffendingParameter, long OffendingIndex);
