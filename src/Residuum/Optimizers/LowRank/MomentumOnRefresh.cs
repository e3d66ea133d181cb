namespace Residuum.Optimizers;

/// <summary>What becomes of the momentum when the subspace is renewed.</summary>
public enum MomentumOnRefresh
{
    /// <summary>It starts again from zero, before it is used.</summary>
    Reset,

    /// <summary>It is used in the new subspace as it is (the authors' <c>overlap_state</c>).</summary>
    Keep,
}
