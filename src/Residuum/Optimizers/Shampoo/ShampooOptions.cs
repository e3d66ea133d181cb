using Residuum.Preconditioning;
using Residuum.State;

namespace Residuum.Optimizers;

/// <summary>Options of <see cref="Shampoo"/>. The learning rate's default, 1e-3, is ours.</summary>
public sealed record ShampooOptions : KroneckerOptions
{
    /// <summary>
    /// Options with the defaults: a moving average, rank tolerance 1e-6 (tearfree), epsilon 1e-6 (distributed_shampoo), blocks of 1,024.
    /// </summary>
    public ShampooOptions()
    {
        StatisticsWeight = StatisticsWeight.OneMinusBeta2;
        RankTolerance = 1e-6;
        Epsilon = 1e-6;
        BlockSize = 1024;
    }

    /// <summary>Whether a factor is divided by 1 - beta2^n before its root: default false (tearfree). Per group and fixed.</summary>
    public bool BiasCorrection { get; init; }

    /// <summary>
    /// How small eigenvalues are treated: default <see cref="Preconditioning.RootMode.PseudoInverse"/> (tearfree). Per group and fixed.
    /// </summary>
    public RootMode RootMode { get; init; } = RootMode.PseudoInverse;

    /// <summary>Steps from one update of the factors to the next: at least 1, default 1. Per group and fixed.</summary>
    public int StatisticsEvery { get; init; } = 1;

    /// <summary>Steps from one root to the next: at least 1, default 1; 10 in practice. Per group and fixed.</summary>
    public int RootsEvery { get; init; } = 1;

    internal static OptionTable<ShampooOptions> Table { get; } = new(
    [
        .. Entries<ShampooOptions>(),
        Option.Flag<ShampooOptions>("biasCorrection", o => o.BiasCorrection, (o, x) => o with { BiasCorrection = x }),
        Option.Choice<ShampooOptions, RootMode>("rootMode", o => o.RootMode, (o, x) => o with { RootMode = x }),
        Option.Integer<ShampooOptions>("statisticsEvery", o => o.StatisticsEvery, (o, x) => o with { StatisticsEvery = x }),
        Option.Integer<ShampooOptions>("rootsEvery", o => o.RootsEvery, (o, x) => o with { RootsEvery = x }),
    ]);

    /// <inheritdoc/>
    public override IEnumerable<KeyValuePair<string, string>> FixedValues => Table.FixedValues(this);

    internal override FieldSpec[] FactorFields(int length, string prefix) => DenseFactor.Fields(length, prefix);

    internal override long FactorScratchBytes(int length, int columns) => DenseFactor.ScratchBytes(length);

    internal override AxisPreconditioner NewFactor(int length, int axes) => new DenseFactor(length, new DenseFactorSettings(
        Beta2, Weight, BiasCorrection, RootMode, Epsilon, RelativeEpsilon, RankTolerance, Exponent(axes), StatisticsEvery, RootsEvery));

    /// <inheritdoc/>
    protected internal override void Validate()
    {
        base.Validate();
        Require.AtLeast(StatisticsEvery, 1, "statisticsEvery");
        Require.AtLeast(RootsEvery, 1, "rootsEvery");
    }
}
