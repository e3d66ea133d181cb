namespace Residuum.Training.Online;

/// <summary>How a learner stood after some rows.</summary>
/// <param name="Row">How many rows it had seen.</param>
/// <param name="AverageLoss">The mean log-loss over all of them, each before it was learned from.</param>
public readonly record struct OnlinePoint(long Row, double AverageLoss);
