namespace Residuum.Optimizers;

/// <summary>A pass over a tensor, and what follows from the sum of what it returned before the next pass may begin.</summary>
/// <param name="Pass">What is done with every stretch.</param>
/// <param name="Then">What is done with a parameter's position and the sum; null for nothing. Different parameters may be at it at
/// once.</param>
internal readonly record struct RowStage(RowPass Pass, Action<int, double>? Then = null);
