using Residuum.Preconditioning;
using Residuum.State;

namespace Residuum.Optimizers;

/// <summary>Options of <see cref="SShampoo"/>. The learning rate's default, 1e-3, is ours.</summary>
public sealed record SShampooOptions : KroneckerOptions
{
    /// <summary>Options with the defaults: a decaying sum, rank tolerance 1e-5 (ours), epsilon 1e-7 (tearfree), no blocks.</summary>
    public SShampooOptions()
    {
        StatisticsWeight = StatisticsWeight.One;
        RankTolerance = 1e-5;
        Epsilon = 1e-7;
    }

    /// <summary>
    /// Directions kept of every axis of every block, symbol k: at least 1, default 256 (the paper); never more than the axis is long. Per
    /// group and fixed.
    /// </summary>
    public int Rank { get; init; } = 256;

    /// <summary>
    /// The factor of the escaped mass: default <see cref="Optimizers.TailDecay.Beta2"/> (the paper). Per group and fixed.
    /// </summary>
    public TailDecay TailDecay { get; init; } = TailDecay.Beta2;

    /// <summary>
    /// Steps from one update of sketches and roots to the next: at least 1, default 1; 10 in the paper's runs. Gradients between are not
    /// seen, and beta2 is applied once an update. Per group and fixed.
    /// </summary>
    public int SketchEvery { get; init; } = 1;

    /// <summary>Bits of an entry of the momentum: 32 (default) or 8, in blocks of 256 (ours). Per group and fixed.</summary>
    public int MomentumBits { get; init; } = 32;

    /// <summary>
    /// Whether what 8 bits cannot hold of the momentum is kept in 4 bits more and comes back at the next step: default false (ours). Per
    /// group and fixed.
    /// </summary>
    public bool MomentumErrorFeedback { get; init; }

    internal static OptionTable<SShampooOptions> Table { get; } = new(
    [
        .. Entries<SShampooOptions>(),
        Option.Integer<SShampooOptions>("rank", o => o.Rank, (o, x) => o with { Rank = x }),
        Option.Choice<SShampooOptions, TailDecay>("tailDecay", o => o.TailDecay, (o, x) => o with { TailDecay = x }),
        Option.Integer<SShampooOptions>("sketchEvery", o => o.SketchEvery, (o, x) => o with { SketchEvery = x }),
        Option.Integer<SShampooOptions>("momentumBits", o => o.MomentumBits, (o, x) => o with { MomentumBits = x }),
        Option.Flag<SShampooOptions>("momentumErrorFeedback", o => o.MomentumErrorFeedback, (o, x) => o with { MomentumErrorFeedback = x }),
    ]);

    /// <inheritdoc/>
    public override IEnumerable<KeyValuePair<string, string>> FixedValues => Table.FixedValues(this);

    internal override int BitsOfMomentum => MomentumBits;

    internal override bool KeepsMomentumError => MomentumErrorFeedback;

    internal override FieldSpec[] FactorFields(int length, string prefix) => SketchedFactor.Fields(length, Rank, prefix);

    internal override long FactorScratchBytes(int length, int columns) => FrequentDirections.ScratchBytes(length, Rank, columns);

    internal override AxisPreconditioner NewFactor(int length, int axes)
    {
        double tailDecay = TailDecay == TailDecay.Beta2 ? Beta2 : Math.Sqrt(Beta2);
        SketchDecay sketch = new(Beta2, tailDecay, Weight, RankTolerance);
        return new SketchedFactor(length, Rank, new SketchedFactorSettings(sketch, Epsilon, RelativeEpsilon, Exponent(axes), SketchEvery));
    }

    /// <inheritdoc/>
    protected internal override void Validate()
    {
        base.Validate();
        Require.AtLeast(Rank, 1, "rank");
        Require.AtLeast(SketchEvery, 1, "sketchEvery");
        if (MomentumBits is not (8 or 32))
        {
            throw new ArgumentOutOfRangeException(
                "momentumBits", MomentumBits, $"The option momentumBits is {MomentumBits}; it must be 8 or 32.");
        }

        if (MomentumErrorFeedback && (MomentumBits != 8 || Momentum == 0))
        {
            throw new ArgumentException(
                $"The option momentumErrorFeedback needs momentumBits 8 and a momentum, but momentumBits is {MomentumBits} "
                    + $"and momentum {Momentum}.",
                "momentumErrorFeedback");
        }
    }
}
