using Residuum.Numerics;

namespace Residuum.Distributed.Collectives;

/// <summary>The sum that does not depend on who takes it: float32, rank after rank.</summary>
internal static class RankOrderSum
{
    /// <summary>Adds the next rank's part.</summary>
    public static void Add(ReadOnlySpan<float> part, Span<float> sums) => VectorKernels.MultiplyAdd(sums, 1, part, sums);
}
