namespace Residuum.Optimizers;

/// <summary>Options of <see cref="FullMatrixAdaGrad"/>. The learning rate has no default in the paper; ours is 0.1.</summary>
public sealed record FullMatrixAdaGradOptions : OnlineOptions
{
    /// <summary>
    /// What delta is added to: default <see cref="Optimizers.DeltaPlacement.Inside"/>, under the root. Per group and fixed.
    /// </summary>
    public DeltaPlacement DeltaPlacement { get; init; } = DeltaPlacement.Inside;

    /// <summary>Eigenvalues up to this share of the largest count as 0: in [0, 1), default 1e-6. Per group and fixed.</summary>
    public double RankTolerance { get; init; } = 1e-6;

    internal static OptionTable<FullMatrixAdaGradOptions> Table { get; } = new(
    [
        .. Entries<FullMatrixAdaGradOptions>(),
        Option.Choice<FullMatrixAdaGradOptions, DeltaPlacement>(
            "deltaPlacement", o => o.DeltaPlacement, (o, x) => o with { DeltaPlacement = x }),
        Option.Number<FullMatrixAdaGradOptions>("rankTolerance", o => o.RankTolerance, (o, x) => o with { RankTolerance = x }),
    ]);

    /// <inheritdoc/>
    public override IEnumerable<KeyValuePair<string, string>> FixedValues => Table.FixedValues(this);

    /// <inheritdoc/>
    protected internal override void Validate()
    {
        base.Validate();
        Require.InUnitInterval(RankTolerance, "rankTolerance");
    }
}
