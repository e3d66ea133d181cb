using Residuum.Optimizers;

namespace Residuum.Training.Recipes;

/// <summary>Makes one rank's optimizer and exchange: how a run is joined to others without knowing how data travels.</summary>
/// <param name="parameters">What is trained.</param>
/// <param name="defaults">The recipe's options for the method.</param>
/// <param name="rate">The base learning rate.</param>
/// <param name="settings">Threads, guard and clipping.</param>
public delegate RankOptimizer RankOptimizerMaker(
    IReadOnlyList<Parameter> parameters, RecipeOptimizer defaults, double rate, StepSettings settings);
