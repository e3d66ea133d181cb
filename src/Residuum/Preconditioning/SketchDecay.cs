namespace Residuum.Preconditioning;

/// <summary>How one update of a <see cref="FrequentDirections"/> weighs what it has and what comes.</summary>
/// <param name="Decay">Factor of the old sketch: 1 for plain sums, beta2 for exponential weighting.</param>
/// <param name="TailDecay">Factor of the old escaped mass; at least <paramref name="Decay"/>, so that the upper bound holds.</param>
/// <param name="Weight">Factor of the new X X^T.</param>
/// <param name="RankTolerance">Singular values up to this share of the largest count as 0.</param>
internal readonly record struct SketchDecay(double Decay, double TailDecay, double Weight, double RankTolerance)
{
    /// <summary>Plain sums.</summary>
    public static SketchDecay Sum(double weight, double rankTolerance) => new(1, 1, weight, rankTolerance);
}
