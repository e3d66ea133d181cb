namespace Residuum.Cli.Json;

/// <summary>What <c>compare --json</c> writes.</summary>
/// <param name="Recipe">The recipe's name.</param>
/// <param name="Results">The runs to compare.</param>
/// <param name="Search">The runs that rates were chosen by; absent without <c>--rates</c>.</param>
internal sealed record ComparisonAnswer(string Recipe, IReadOnlyList<RunRow> Results, IReadOnlyList<RunRow>? Search);
