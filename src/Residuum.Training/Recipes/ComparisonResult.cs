using Residuum.Training.Trainer;

namespace Residuum.Training.Recipes;

/// <summary>What a comparison measured.</summary>
/// <param name="Results">The runs to compare: every optimizer with every seed.</param>
/// <param name="Search">The runs that rates were chosen by; empty without a search.</param>
/// <param name="Interrupted">Whether somebody asked to stop before all runs were done.</param>
public sealed record ComparisonResult(IReadOnlyList<RunResult> Results, IReadOnlyList<RunResult> Search, bool Interrupted);
