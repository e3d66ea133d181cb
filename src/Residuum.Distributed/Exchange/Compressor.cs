namespace Residuum.Distributed.Exchange;

/// <summary>What of a gradient is sent (methods page of ConEF, section 3).</summary>
public enum Compressor
{
    /// <summary>Everything: the plain mean, without an error memory.</summary>
    None,

    /// <summary>Consecutive entries from a random start, the same on all ranks.</summary>
    RandomBlock,

    /// <summary>Random entries, the same on all ranks.</summary>
    RandomK,

    /// <summary>A projection of low rank, by one power iteration.</summary>
    PowerSgd,

    /// <summary>The entries of largest magnitude, with their indices; gathered, not summed.</summary>
    TopK,

    /// <summary>Signs and the mean magnitude; gathered, not summed.</summary>
    ScaledSign,

    /// <summary>Unbiased stochastic rounding; gathered, not summed, and never with an error memory.</summary>
    Qsgd,
}
