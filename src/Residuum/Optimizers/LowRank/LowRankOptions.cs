namespace Residuum.Optimizers;

/// <summary>What methods share that keep their statistics of a matrix in a subspace: the rank, and which parameters are matrices.</summary>
/// <remarks>A parameter is low-rank if it is a matrix by the rule of <see cref="MatrixOptions"/> and its sides hold <see cref="Rank"/>
/// basis vectors.</remarks>
public abstract record LowRankOptions : MatrixOptions
{
    /// <summary>
    /// Basis vectors of a subspace, symbol r: at least 1 and at most the side that the basis spans; the default is the method's. Per group
    /// and fixed.
    /// </summary>
    public int Rank { get; init; }

    /// <inheritdoc/>
    protected internal override void Validate()
    {
        base.Validate();
        Require.Between(Rank, 1, int.MaxValue, "rank");
    }
}
