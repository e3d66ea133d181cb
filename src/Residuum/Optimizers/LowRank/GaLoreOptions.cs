namespace Residuum.Optimizers;

/// <summary>Options of <see cref="GaLore"/>. Defaults are the authors' but for the rank, which they always give.</summary>
public sealed record GaLoreOptions : LowRankOptions
{
    /// <summary>Options with the defaults: learning rate 1e-3, betas 0.9 and 0.999, epsilon 1e-6, no decay, rank 128.</summary>
    public GaLoreOptions()
    {
        LearningRate = 1e-3;
        Epsilon = 1e-6;
        Rank = 128;
    }

    /// <summary>Steps between two bases, symbol T: at least 1, default 200 (the authors'). Per group and fixed.</summary>
    public int UpdateInterval { get; init; } = 200;

    /// <summary>
    /// The factor of low-rank updates, symbol alpha: finite, at least 0, default 0.25 (the authors'). Per group and fixed.
    /// </summary>
    public double Scale { get; init; } = 0.25;

    /// <summary>On which side the basis lies, default the shorter one (the authors' <c>std</c>). Per group and fixed.</summary>
    public ProjectionSide ProjectionSide { get; init; } = ProjectionSide.Auto;

    /// <summary>Whether Adam's bias correction is applied, default yes (the authors'). Per group and fixed.</summary>
    public bool BiasCorrection { get; init; } = true;

    /// <summary>Which parameters are low-rank, default by the rule of <see cref="LowRankOptions"/>. Per group and fixed.</summary>
    public LowRankChoice LowRank { get; init; } = LowRankChoice.Auto;

    internal static OptionTable<GaLoreOptions> Table { get; } = new(
    [
        .. OptionTable.OfAdamFamily<GaLoreOptions>(),
        .. LowRankTable.OfLowRank<GaLoreOptions>(),
        Option.Integer<GaLoreOptions>("updateInterval", o => o.UpdateInterval, (o, x) => o with { UpdateInterval = x }),
        Option.Number<GaLoreOptions>("scale", o => o.Scale, (o, x) => o with { Scale = x }),
        Option.Choice<GaLoreOptions, ProjectionSide>("projectionSide", o => o.ProjectionSide, (o, x) => o with { ProjectionSide = x }),
        Option.Flag<GaLoreOptions>("biasCorrection", o => o.BiasCorrection, (o, x) => o with { BiasCorrection = x }),
        Option.Choice<GaLoreOptions, LowRankChoice>("lowRank", o => o.LowRank, (o, x) => o with { LowRank = x }),
    ]);

    /// <inheritdoc/>
    public override IEnumerable<KeyValuePair<string, string>> FixedValues => Table.FixedValues(this);

    /// <summary>What the rule says of a parameter.</summary>
    /// <exception cref="ArgumentException">It must be low-rank and cannot be.</exception>
    internal LowRankDecision Decide(string name, IReadOnlyList<int> shape) => LowRankRule.Decide(name, shape, this, LowRank, IsRight);

    /// <inheritdoc/>
    protected internal override void Validate()
    {
        base.Validate();
        Require.Between(UpdateInterval, 1, int.MaxValue, "updateInterval");
        Require.NonNegative(Scale, "scale");
    }

    // Page of the baselines, section 3: a square matrix is right with auto, and left with reverse.
    private bool? IsRight(int rows, int columns) => ProjectionSide switch
    {
        ProjectionSide.Left => false,
        ProjectionSide.Right => true,
        ProjectionSide.Reverse => rows < columns,
        ProjectionSide.Full => null,
        _ => rows >= columns,
    };
}
