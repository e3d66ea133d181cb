namespace Residuum.Optimizers;

/// <summary>What delta is added to in <see cref="FullMatrixAdaGrad"/>.</summary>
public enum DeltaPlacement
{
    /// <summary>To the sum of outer products, under the root: <c>(G + delta I)^(-1/2)</c>.</summary>
    Inside,

    /// <summary>To its root: <c>(G^(1/2) + delta I)^(-1)</c>.</summary>
    Outside,
}
