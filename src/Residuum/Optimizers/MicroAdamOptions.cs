using Residuum.ErrorMemory;

namespace Residuum.Optimizers;

/// <summary>Options of <see cref="MicroAdam"/>: section 2 of its page.</summary>
public sealed record MicroAdamOptions : AdamFamilyOptions
{
    /// <summary>Options with the defaults. The learning rate has none in the paper; ours is 1e-3, as for <see cref="AdamW"/>.</summary>
    public MicroAdamOptions() => LearningRate = 1e-3;

    /// <summary>Sparse gradients kept, symbol m: 1 to 4,096, default 10 (every script of the authors). Per group and fixed.</summary>
    public int Window { get; init; } = 10;

    /// <summary>Share of each block that is kept, symbol rho: in (0, 1], default 0.01 (the authors' k_init). Per group and fixed.</summary>
    public double Density { get; init; } = 0.01;

    /// <summary>
    /// Entries of a top-k block, symbol Bd: 1 to 32,768, default 4,096 (ours; the authors' follows from the GPU). Per group and fixed.
    /// </summary>
    public int TopKBlockSize { get; init; } = 4096;

    /// <summary>
    /// Entries of a quantization bucket, symbol Bq: even, at least 2, default 64 (one of the authors' scripts). Per group and fixed.
    /// </summary>
    public int QuantBucketSize { get; init; } = 64;

    /// <summary>
    /// Bits of the error: 4 (the paper, default), 32 (dense float32) or 0 (no error feedback; both ours, for comparison). Per group and
    /// fixed.
    /// </summary>
    public int ErrorBits { get; init; } = 4;

    /// <summary>Arithmetic of the corrected gradient, default float32 (ours); bfloat16 is the authors'. Per group and fixed.</summary>
    public Accumulator Accumulator { get; init; } = Accumulator.Float32;

    /// <summary>Storage of the buckets' ranges, default bfloat16 rounded outward (ours). Per group and fixed.</summary>
    public RangeStorage RangeStorage { get; init; } = RangeStorage.Bfloat16;

    /// <summary>Whether and how the error itself moves the parameters (page, section 8), default not at all. Per group and fixed.</summary>
    public Densify Densify { get; init; } = Densify.None;

    /// <summary>
    /// The part of the error that <see cref="Densify.ErrorFeedback"/> uses up, symbol alpha: in (0, 1) there, else 0 (default). Per group
    /// and fixed.
    /// </summary>
    public double Alpha { get; init; }

    internal static OptionTable<MicroAdamOptions> Table { get; } = new(
    [
        .. OptionTable.OfAdamFamily<MicroAdamOptions>(),
        Option.Integer<MicroAdamOptions>("window", o => o.Window, (o, x) => o with { Window = x }),
        Option.Number<MicroAdamOptions>("density", o => o.Density, (o, x) => o with { Density = x }),
        Option.Integer<MicroAdamOptions>("topKBlockSize", o => o.TopKBlockSize, (o, x) => o with { TopKBlockSize = x }),
        Option.Integer<MicroAdamOptions>("quantBucketSize", o => o.QuantBucketSize, (o, x) => o with { QuantBucketSize = x }),
        Option.Integer<MicroAdamOptions>("errorBits", o => o.ErrorBits, (o, x) => o with { ErrorBits = x }),
        Option.Choice<MicroAdamOptions, Accumulator>("accumulator", o => o.Accumulator, (o, x) => o with { Accumulator = x }),
        Option.Choice<MicroAdamOptions, RangeStorage>("rangeStorage", o => o.RangeStorage, (o, x) => o with { RangeStorage = x }),
        Option.Choice<MicroAdamOptions, Densify>("densify", o => o.Densify, (o, x) => o with { Densify = x }),
        Option.Number<MicroAdamOptions>("alpha", o => o.Alpha, (o, x) => o with { Alpha = x }),
    ]);

    /// <inheritdoc/>
    public override IEnumerable<KeyValuePair<string, string>> FixedValues => Table.FixedValues(this);

    /// <inheritdoc/>
    protected internal override void Validate()
    {
        base.Validate();
        Require.Between(Window, 1, 4096, "window");
        Require.Fraction(Density, "density");
        Require.Between(TopKBlockSize, 1, 32_768, "topKBlockSize");
        Require.Between(QuantBucketSize, 2, int.MaxValue, "quantBucketSize");
        if (QuantBucketSize % 2 != 0)
        {
            throw new ArgumentException(
                $"The option quantBucketSize is {QuantBucketSize}; it must be even, so that every bucket starts on a byte.",
                "quantBucketSize");
        }

        if (ErrorBits is not (4 or 32 or 0))
        {
            throw new ArgumentException($"The option errorBits is {ErrorBits}; it must be 4, 32 or 0.", "errorBits");
        }

        if (Densify == Densify.ErrorFeedback ? Alpha is not (> 0 and < 1) : Alpha != 0)
        {
            throw new ArgumentException(
                $"The option alpha is {Alpha}; it must lie strictly between 0 and 1 with densify errorFeedback, and be 0 otherwise.",
                "alpha");
        }

        if ((Densify == Densify.QuantizationResidual && ErrorBits != 4) || (Densify == Densify.ErrorFeedback && ErrorBits == 0))
        {
            string right = ErrorBits == 0 ? "none" : "none or errorFeedback";
            throw new ArgumentException($"The option densify is {Densify}; with errorBits {ErrorBits} it must be {right}.", "densify");
        }
    }
}
