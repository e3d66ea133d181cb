namespace Residuum.Training.Trainer;

/// <summary>What one parameter's step looked like inside.</summary>
/// <param name="Parameter">The parameter's name.</param>
/// <param name="Values">Figures by camelCase name, for example <c>gradientNorm</c>, <c>updateNorm</c>, <c>errorNorm</c>.</param>
public sealed record ParameterDiagnostics(string Parameter, IReadOnlyDictionary<string, double> Values);
