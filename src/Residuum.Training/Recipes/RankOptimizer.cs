using Residuum.Optimizers;

namespace Residuum.Training.Recipes;

/// <summary>One rank's optimizer, and what joins it to the other ranks.</summary>
/// <param name="Optimizer">The optimizer.</param>
/// <param name="Exchange">The exchange of gradients.</param>
public sealed record RankOptimizer(Optimizer Optimizer, IExchange Exchange);
