namespace Residuum.Optimizers;

/// <summary>Parameters and their options as text, for <see cref="OptimizerKind.Create"/>.</summary>
/// <param name="Parameters">The parameters.</param>
/// <param name="Options">camelCase names and values as text; what is absent has its default.</param>
public sealed record NamedGroup(IReadOnlyList<Parameter> Parameters, IReadOnlyList<KeyValuePair<string, string>> Options);
