namespace Residuum.Cli.Json;

/// <summary>The memory of one tensor, in bytes.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Shape">Its shape.</param>
/// <param name="Weights">float32 weights.</param>
/// <param name="State">Its state without counters.</param>
/// <param name="Fields">The state field by field, counters too.</param>
internal sealed record EstimateTensor(
    string Name, IReadOnlyList<int> Shape, long Weights, long State, IReadOnlyDictionary<string, long> Fields);
