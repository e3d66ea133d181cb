namespace Residuum.Optimizers;

/// <summary>
/// Options of <see cref="SAdaGrad"/>, <see cref="RfdSon"/> and <see cref="FdSon"/>. The learning rate's default, 0.1, is ours.
/// </summary>
public record SketchedDescentOptions : OnlineOptions
{
    /// <summary>
    /// Sketch size, symbol l: at least 2, default 10. The sketch keeps l - 1 directions (the paper's array has l columns, the last of
    /// which is always 0), and never more than the tensor has entries. Per group and fixed.
    /// </summary>
    public int SketchSize { get; init; } = 10;

    /// <summary>
    /// Singular values of the sketch up to this share of the largest count as 0: in [0, 1), default 1e-5 (ours). Per group and fixed.
    /// </summary>
    public double RankTolerance { get; init; } = 1e-5;

    internal static OptionTable<SketchedDescentOptions> Table { get; } = new([.. SketchEntries<SketchedDescentOptions>()]);

    /// <inheritdoc/>
    public override IEnumerable<KeyValuePair<string, string>> FixedValues => Table.FixedValues(this);

    /// <summary>The directions that the sketch keeps before the tensor's length limits them.</summary>
    internal int Rank => SketchSize - 1;

    /// <inheritdoc/>
    protected internal override void Validate()
    {
        base.Validate();
        Require.AtLeast(SketchSize, 2, "sketchSize");
        Require.InUnitInterval(RankTolerance, "rankTolerance");
    }

    private protected static IEnumerable<Option<TOptions>> SketchEntries<TOptions>()
        where TOptions : SketchedDescentOptions =>
    [
        .. Entries<TOptions>(),
        Option.Integer<TOptions>("sketchSize", o => o.SketchSize, (o, x) => (TOptions)((SketchedDescentOptions)o with { SketchSize = x })),
        Option.Number<TOptions>(
            "rankTolerance", o => o.RankTolerance, (o, x) => (TOptions)((SketchedDescentOptions)o with { RankTolerance = x })),
    ];
}
