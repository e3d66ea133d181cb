namespace Residuum.Optimizers;

/// <summary>What Subspace-Momentum divides by.</summary>
public enum SecondMoment
{
    /// <summary>One second moment for every subset of the entries.</summary>
    SubsetNorm,

    /// <summary>One for every entry, as in Adam.</summary>
    Dense,

    /// <summary>Nothing.</summary>
    None,
}
