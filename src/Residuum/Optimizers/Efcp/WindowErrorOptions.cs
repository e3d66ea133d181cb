using Residuum.ErrorMemory;

namespace Residuum.Optimizers;

/// <summary>Where the part of the gradient goes that a window does not keep. All per group and fixed.</summary>
public sealed record WindowErrorOptions
{
    /// <summary>Whether it comes back with the next gradient, default true; false for comparison.</summary>
    public bool ErrorFeedback { get; init; } = true;

    /// <summary>Bits of the error: 32 (the paper, default), 16 (IEEE half) or 4 (as MicroAdam's).</summary>
    public int ErrorBits { get; init; } = 32;

    /// <summary>Entries of a bucket with 4 bits: even, at least 2, default 64.</summary>
    public int QuantBucketSize { get; init; } = 64;

    /// <summary>Storage of the buckets' ranges with 4 bits, default bfloat16 rounded outward.</summary>
    public RangeStorage RangeStorage { get; init; } = RangeStorage.Bfloat16;

    internal void Validate()
    {
        if (ErrorBits is not (32 or 16 or 4))
        {
            throw new ArgumentException($"The option errorBits is {ErrorBits}; it must be 32, 16 or 4.", "errorBits");
        }

        Require.Between(QuantBucketSize, 2, int.MaxValue, "quantBucketSize");
        if (QuantBucketSize % 2 != 0)
        {
            throw new ArgumentException(
                $"The option quantBucketSize is {QuantBucketSize}; it must be even, so that every bucket starts on a byte.",
                "quantBucketSize");
        }
    }
}
