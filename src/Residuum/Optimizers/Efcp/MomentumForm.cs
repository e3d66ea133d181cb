namespace Residuum.Optimizers;

/// <summary>
/// How an update joins its running mean or sum: they differ by the factor 1 - b in the learning rate (methods page of EFCP, section 8).
/// </summary>
public enum MomentumForm
{
    /// <summary>v = b v + (1 - b) u.</summary>
    Ema,

    /// <summary>v = b v + u.</summary>
    HeavyBall,
}
