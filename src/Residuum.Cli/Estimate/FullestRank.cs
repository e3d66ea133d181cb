using Residuum.Distributed.Sharding;
using Residuum.Optimizers;

namespace Residuum.Cli.Estimate;

/// <summary>The rank that holds most, where ranks divide an optimizer's memory between them.</summary>
internal static class FullestRank
{
    /// <summary>What it holds.</summary>
    /// <param name="kind">The method.</param>
    /// <param name="groups">Shapes, each group with its options.</param>
    /// <param name="ranks">How many ranks.</param>
    /// <param name="threads">How many threads a step may use.</param>
    /// <param name="stage">What is divided.</param>
    /// <exception cref="ArgumentException">The method's state cannot be divided, or not between so many ranks.</exception>
    public static MemoryPlan Plan(OptimizerKind kind, IReadOnlyList<ShapedGroup> groups, int ranks, int threads, ShardStage stage) =>
        ShardedOptimizer.Plan(kind, groups, ranks, threads, stage)
            .MaxBy(rank => rank.StateBytes + (rank.GradientBytes ?? 0) + (rank.ParameterBytes ?? 0))!;
}
