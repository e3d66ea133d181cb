namespace Residuum.Optimizers;

/// <summary>Parameters and the options they are trained with: what a group is made of.</summary>
/// <typeparam name="TOptions">The method's options record.</typeparam>
/// <param name="Parameters">The parameters.</param>
/// <param name="Options">Their options.</param>
public sealed record GroupOptions<TOptions>(IReadOnlyList<Parameter> Parameters, TOptions Options)
    where TOptions : OptimizerOptions;
