namespace Residuum.Optimizers;

/// <summary>Shapes and their options as text, for <see cref="OptimizerKind.Plan"/>.</summary>
/// <param name="Parameters">Names and shapes.</param>
/// <param name="Options">camelCase names and values as text; what is absent has its default.</param>
public sealed record ShapedGroup(IReadOnlyList<ShapedParameter> Parameters, IReadOnlyList<KeyValuePair<string, string>> Options);
