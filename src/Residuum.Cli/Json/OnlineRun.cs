using Residuum.Training.Online;

namespace Residuum.Cli.Json;

/// <summary>One pass of one learner.</summary>
/// <param name="Optimizer">The entry as it was written.</param>
/// <param name="Rate">The learning rate.</param>
/// <param name="Delta">The delta of a grid; absent where the options' holds.</param>
/// <param name="AverageLoss">The mean log-loss.</param>
/// <param name="Accuracy">From 0 to 1.</param>
/// <param name="StateBytes">What the optimizer holds.</param>
/// <param name="Diverged">Whether the weights left the range of float32.</param>
/// <param name="Curve">The mean loss on the way; absent in a search.</param>
internal sealed record OnlineRun(
    string Optimizer,
    double Rate,
    double? Delta,
    double AverageLoss,
    double Accuracy,
    long StateBytes,
    bool Diverged,
    IReadOnlyList<OnlinePoint>? Curve)
{
    /// <summary>From a result.</summary>
    public static OnlineRun Of(OnlineResult result, bool withCurve) => new(
        result.Choice.Text,
        result.Rate,
        result.Delta,
        result.AverageLoss,
        result.Accuracy,
        result.StateBytes,
        result.Diverged,
        withCurve ? result.Curve : null);
}
