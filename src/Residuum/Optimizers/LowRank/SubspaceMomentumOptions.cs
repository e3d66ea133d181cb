using Residuum.Preconditioning;

namespace Residuum.Optimizers;

/// <summary>Options of <see cref="SubspaceMomentum"/>. Defaults are the authors' but for the order of resetting.</summary>
public sealed record SubspaceMomentumOptions : LowRankOptions
{
    /// <summary>Options with the defaults: learning rate 1e-3, betas 0.9 and 0.999, epsilon 1e-6, no decay, rank 128.</summary>
    public SubspaceMomentumOptions()
    {
        LearningRate = 1e-3;
        Epsilon = 1e-6;
        Rank = 128;
    }

    /// <summary>
    /// Steps between two subspaces, symbol T: at least 1, default 200 (the authors'; their scripts 100 to 200). Per group and fixed.
    /// </summary>
    public int UpdateInterval { get; init; } = 200;

    /// <summary>What the momentum is kept of, default singular vectors (the authors'). Per group and fixed.</summary>
    public SubspaceProjection Projection { get; init; } = SubspaceProjection.Svd;

    /// <summary>
    /// What becomes of the momentum when the subspace is renewed, default it starts again (the authors'). Per group and fixed.
    /// </summary>
    public MomentumOnRefresh MomentumOnRefresh { get; init; } = MomentumOnRefresh.Reset;

    /// <summary>What steps are divided by, default a second moment for every subset (the authors' AdamSNSM). Per group and fixed.</summary>
    public SecondMoment SecondMoment { get; init; } = SecondMoment.SubsetNorm;

    /// <summary>The subsets, default the heuristic (the authors'). Per group and fixed.</summary>
    public SubsetSize SubsetSize { get; init; } = SubsetSize.Heuristic;

    /// <summary>
    /// Whether Adam's bias correction is applied, to what lies outside the subspace too; default yes (the authors' AdamSNSM). Per group and
    /// fixed.
    /// </summary>
    public bool BiasCorrection { get; init; } = true;

    internal static OptionTable<SubspaceMomentumOptions> Table { get; } = new(
    [
        .. OptionTable.OfAdamFamily<SubspaceMomentumOptions>(),
        .. LowRankTable.OfLowRank<SubspaceMomentumOptions>(),
        Option.Integer<SubspaceMomentumOptions>("updateInterval", o => o.UpdateInterval, (o, x) => o with { UpdateInterval = x }),
        Option.Choice<SubspaceMomentumOptions, SubspaceProjection>("projection", o => o.Projection, (o, x) => o with { Projection = x }),
        Option.Choice<SubspaceMomentumOptions, MomentumOnRefresh>(
            "momentumOnRefresh", o => o.MomentumOnRefresh, (o, x) => o with { MomentumOnRefresh = x }),
        Option.Choice<SubspaceMomentumOptions, SecondMoment>("secondMoment", o => o.SecondMoment, (o, x) => o with { SecondMoment = x }),
        Option.Subset<SubspaceMomentumOptions>("subsetSize", o => o.SubsetSize, (o, x) => o with { SubsetSize = x }),
        Option.Flag<SubspaceMomentumOptions>("biasCorrection", o => o.BiasCorrection, (o, x) => o with { BiasCorrection = x }),
    ]);

    /// <inheritdoc/>
    public override IEnumerable<KeyValuePair<string, string>> FixedValues => Table.FixedValues(this);

    /// <summary>beta2 = 1 sums up as AdaGrad does; with bias correction the factor would be 0.</summary>
    protected internal override bool AllowsBeta2One => !BiasCorrection;

    /// <summary>What the rule says of a parameter.</summary>
    internal LowRankDecision Decide(string name, IReadOnlyList<int> shape) => Projection switch
    {
        SubspaceProjection.None => LowRankDecision.Dense("projection is none"),
        SubspaceProjection.Svd => LowRankRule.Decide(name, shape, this, LowRankChoice.Auto, (rows, columns) => rows >= columns),
        _ => LowRankRule.Decide(name, shape, this, LowRankChoice.Auto, (rows, columns) => rows < columns),
    };

    /// <summary>
    /// The subsets of a parameter's entries that share a second moment, and the shape they are subsets of; null without a second moment.
    /// </summary>
    internal (int[] Shape, SubsetSize Size)? Subsets(string name, IReadOnlyList<int> shape) => SecondMoment switch
    {
        SecondMoment.None => null,
        SecondMoment.SubsetNorm => LowRankRule.Subsets(name, shape, this, SubsetSize),
        _ => ([.. shape], SubsetSize.PerEntry),
    };

    /// <inheritdoc/>
    protected internal override void Validate()
    {
        base.Validate();
        Require.Between(UpdateInterval, 1, int.MaxValue, "updateInterval");
    }
}
