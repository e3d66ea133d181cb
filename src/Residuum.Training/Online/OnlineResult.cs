using Residuum.Training.Recipes;

namespace Residuum.Training.Online;

/// <summary>How one pass of one learner went.</summary>
/// <param name="Choice">The optimizer with its options.</param>
/// <param name="Rate">The learning rate.</param>
/// <param name="Delta">The delta of a grid, or null where the options' holds.</param>
/// <param name="AverageLoss">The mean log-loss over all rows, each before it was learned from; NaN where it diverged.</param>
/// <param name="Accuracy">The share of rows whose label was predicted, each before it was learned from.</param>
/// <param name="StateBytes">What the optimizer holds.</param>
/// <param name="Curve">The mean loss on the way.</param>
public sealed record OnlineResult(
    OptimizerChoice Choice,
    double Rate,
    double? Delta,
    double AverageLoss,
    double Accuracy,
    long StateBytes,
    IReadOnlyList<OnlinePoint> Curve)
{
    /// <summary>Whether the weights left the range of float32.</summary>
    public bool Diverged => !double.IsFinite(AverageLoss);
}
