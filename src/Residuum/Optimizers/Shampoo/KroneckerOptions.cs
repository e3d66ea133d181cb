using Residuum.Preconditioning;
using Residuum.State;

namespace Residuum.Optimizers;

/// <summary>The options that <see cref="Shampoo"/> and <see cref="SShampoo"/> have in common: section 5.1 of their page.</summary>
public abstract record KroneckerOptions : OptimizerOptions
{
    private protected KroneckerOptions() => LearningRate = 1e-3;

    /// <summary>
    /// Decay of the second moments of the axes, symbol beta2: in (0, 1], default 0.999; 1 for plain sums. Per group and fixed.
    /// </summary>
    public double Beta2 { get; init; } = 0.999;

    /// <summary>The weight of a new gradient in them; the default is the method's. Per group and fixed.</summary>
    public StatisticsWeight StatisticsWeight { get; init; }

    /// <summary>What is added to eigenvalues, symbol epsilon: at least 0; the default is the method's. Per group and fixed.</summary>
    public double Epsilon { get; init; }

    /// <summary>Whether epsilon is a share of the largest eigenvalue: default true (tearfree). Per group and fixed.</summary>
    public bool RelativeEpsilon { get; init; } = true;

    /// <summary>What counts as 0, as a share of the largest: in [0, 1); the default is the method's. Per group and fixed.</summary>
    public double RankTolerance { get; init; }

    /// <summary>
    /// p in the exponent -1/p of every axis: at least 0; default 0, which means twice the number of merged axes. Per group and fixed.
    /// </summary>
    public double ExponentOverride { get; init; }

    /// <summary>The longest chunk of an axis, 0 to cut nothing; the default is the method's. Per group and fixed.</summary>
    public int BlockSize { get; init; }

    /// <summary>
    /// Neighbouring axes are merged while their product is at most this: default 1,024 (the authors); up to 1 only axes of length 1 are
    /// dropped. Per group and fixed.
    /// </summary>
    public int MergeDims { get; init; } = 1024;

    /// <summary>
    /// Which end the merging starts from: default <see cref="Optimizers.MergeFrom.Left"/> (the authors). Per group and fixed.
    /// </summary>
    public MergeFrom MergeFrom { get; init; } = MergeFrom.Left;

    /// <summary>
    /// Steps at the beginning that use the grafting update itself: at least 0, default 0 (tearfree). Per group and fixed.
    /// </summary>
    public int StartPreconditioningStep { get; init; }

    /// <summary>
    /// The update whose norm is taken over: default <see cref="Optimizers.Grafting.Rmsprop"/> (tearfree). Per group and fixed.
    /// </summary>
    public Grafting Grafting { get; init; } = Grafting.Rmsprop;

    /// <summary>Decay of the grafting update's second moment: in (0, 1], default 0.999; 1 for a sum. Per group and fixed.</summary>
    public double GraftingBeta2 { get; init; } = 0.999;

    /// <summary>Its epsilon: at least 0, default 1e-8 (ours; 1e-23 inside in tearfree). Per group and fixed.</summary>
    public double GraftingEpsilon { get; init; } = 1e-8;

    /// <summary>Where it is added: default <see cref="EpsilonPlacement.Outside"/> (ours). Per group and fixed.</summary>
    public EpsilonPlacement GraftingEpsilonPlacement { get; init; } = EpsilonPlacement.Outside;

    /// <summary>Momentum, symbol mu: in [0, 1), default 0.9; 0 for no buffer. Per group and fixed.</summary>
    public double Momentum { get; init; } = 0.9;

    /// <summary>Nesterov's form: default true. Per group and fixed.</summary>
    public bool Nesterov { get; init; } = true;

    /// <summary>Whether the momentum is a moving average, its input times 1 - mu: default false. Per group and fixed.</summary>
    public bool MomentumEma { get; init; }

    /// <summary>Whether weight decay is added after the momentum rather than before: default true. Per group and fixed.</summary>
    public bool WeightDecayAfterMomentum { get; init; } = true;

    /// <summary>Whether tensors of one axis or none take the grafting update itself: default true. Per group and fixed.</summary>
    public bool SkipRank1 { get; init; } = true;

    /// <summary>
    /// Tensors with a longer axis, before merging, do so too: at least 0, default 4,096 (the authors). Per group and fixed.
    /// </summary>
    public int SkipAnyDimGreaterThan { get; init; } = 4096;

    /// <summary>Bits in which the momentum is kept: 32, where the method does not say otherwise.</summary>
    internal virtual int BitsOfMomentum => 32;

    /// <summary>Whether what 8 bits cannot hold of the momentum is kept too.</summary>
    internal virtual bool KeepsMomentumError => false;

    /// <summary>w, the weight of a new gradient as a number.</summary>
    internal double Weight => StatisticsWeight == StatisticsWeight.One || Beta2 == 1 ? 1 : 1 - Beta2;

    /// <summary>e, the exponent of every axis of a tensor with so many merged axes.</summary>
    internal double Exponent(int axes) => -1 / (ExponentOverride > 0 ? ExponentOverride : 2.0 * axes);

    /// <summary>Whether a tensor takes the grafting update itself, judged on its original shape.</summary>
    internal bool Skips(ReadOnlySpan<int> shape)
    {
        bool isLong = false;
        foreach (int axis in shape)
        {
            isLong |= axis > SkipAnyDimGreaterThan;
        }

        return isLong || (SkipRank1 && shape.Length <= 1);
    }

    /// <summary>The state of the factor of one axis of one block.</summary>
    internal abstract FieldSpec[] FactorFields(int length, string prefix);

    /// <summary>The bytes of scratch of its update by a gradient of so many columns.</summary>
    internal abstract long FactorScratchBytes(int length, int columns);

    /// <summary>Makes it, for a tensor with so many merged axes.</summary>
    internal abstract AxisPreconditioner NewFactor(int length, int axes);

    /// <inheritdoc/>
    protected internal override void Validate()
    {
        base.Validate();
        Require.Fraction(Beta2, "beta2");
        Require.NonNegative(Epsilon, "epsilon");
        Require.InUnitInterval(RankTolerance, "rankTolerance");
        Require.NonNegative(ExponentOverride, "exponentOverride");
        Require.AtLeast(BlockSize, 0, "blockSize");
        Require.AtLeast(MergeDims, 0, "mergeDims");
        Require.AtLeast(StartPreconditioningStep, 0, "startPreconditioningStep");
        Require.Fraction(GraftingBeta2, "graftingBeta2");
        Require.NonNegative(GraftingEpsilon, "graftingEpsilon");
        Require.InUnitInterval(Momentum, "momentum");
        Require.AtLeast(SkipAnyDimGreaterThan, 0, "skipAnyDimGreaterThan");
    }

    private protected static IEnumerable<Option<TOptions>> Entries<TOptions>()
        where TOptions : KroneckerOptions
    {
        return
        [
            .. OptionTable.OfEveryMethod<TOptions>(),
            Number("beta2", o => o.Beta2, (o, x) => o with { Beta2 = x }),
            Choice<StatisticsWeight>("statisticsWeight", o => o.StatisticsWeight, (o, x) => o with { StatisticsWeight = x }),
            Number("epsilon", o => o.Epsilon, (o, x) => o with { Epsilon = x }),
            Flag("relativeEpsilon", o => o.RelativeEpsilon, (o, x) => o with { RelativeEpsilon = x }),
            Number("rankTolerance", o => o.RankTolerance, (o, x) => o with { RankTolerance = x }),
            Number("exponentOverride", o => o.ExponentOverride, (o, x) => o with { ExponentOverride = x }),
            Integer("blockSize", o => o.BlockSize, (o, x) => o with { BlockSize = x }),
            Integer("mergeDims", o => o.MergeDims, (o, x) => o with { MergeDims = x }),
            Choice<MergeFrom>("mergeFrom", o => o.MergeFrom, (o, x) => o with { MergeFrom = x }),
            Integer("startPreconditioningStep", o => o.StartPreconditioningStep, (o, x) => o with { StartPreconditioningStep = x }),
            Choice<Grafting>("grafting", o => o.Grafting, (o, x) => o with { Grafting = x }),
            Number("graftingBeta2", o => o.GraftingBeta2, (o, x) => o with { GraftingBeta2 = x }),
            Number("graftingEpsilon", o => o.GraftingEpsilon, (o, x) => o with { GraftingEpsilon = x }),
            Choice<EpsilonPlacement>(
                "graftingEpsilonPlacement", o => o.GraftingEpsilonPlacement, (o, x) => o with { GraftingEpsilonPlacement = x }),
            Number("momentum", o => o.Momentum, (o, x) => o with { Momentum = x }),
            Flag("nesterov", o => o.Nesterov, (o, x) => o with { Nesterov = x }),
            Flag("momentumEma", o => o.MomentumEma, (o, x) => o with { MomentumEma = x }),
            Flag("weightDecayAfterMomentum", o => o.WeightDecayAfterMomentum, (o, x) => o with { WeightDecayAfterMomentum = x }),
            Flag("skipRank1", o => o.SkipRank1, (o, x) => o with { SkipRank1 = x }),
            Integer("skipAnyDimGreaterThan", o => o.SkipAnyDimGreaterThan, (o, x) => o with { SkipAnyDimGreaterThan = x }),
        ];

        // A with-expression on a base record copies the derived record it is applied to.
        static Option<TOptions> Number(
            string name, Func<KroneckerOptions, double> get, Func<KroneckerOptions, double, KroneckerOptions> set) =>
            Option.Number<TOptions>(name, get, (o, x) => (TOptions)set(o, x));

        static Option<TOptions> Integer(string name, Func<KroneckerOptions, int> get, Func<KroneckerOptions, int, KroneckerOptions> set) =>
            Option.Integer<TOptions>(name, get, (o, x) => (TOptions)set(o, x));

        static Option<TOptions> Flag(string name, Func<KroneckerOptions, bool> get, Func<KroneckerOptions, bool, KroneckerOptions> set) =>
            Option.Flag<TOptions>(name, get, (o, x) => (TOptions)set(o, x));

        static Option<TOptions> Choice<TChoice>(
            string name, Func<KroneckerOptions, TChoice> get, Func<KroneckerOptions, TChoice, KroneckerOptions> set)
            where TChoice : struct, Enum => Option.Choice<TOptions, TChoice>(name, get, (o, x) => (TOptions)set(o, x));
    }
}
