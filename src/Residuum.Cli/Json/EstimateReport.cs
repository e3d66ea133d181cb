namespace Residuum.Cli.Json;

/// <summary>What <c>estimate --json</c> writes; all sizes in bytes.</summary>
/// <param name="Model">The model, or the file of shapes.</param>
/// <param name="Parameters">How many parameters it has.</param>
/// <param name="Results">A row per optimizer.</param>
internal sealed record EstimateReport(string Model, long Parameters, IReadOnlyList<EstimateRow> Results);
