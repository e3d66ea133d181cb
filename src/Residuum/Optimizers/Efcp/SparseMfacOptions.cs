namespace Residuum.Optimizers;

/// <summary>Options of <see cref="SparseMfac"/>.</summary>
public sealed record SparseMfacOptions : FisherOptions
{
    /// <summary>What is kept: <c>density</c>, <c>topKBlockSize</c>, <c>windowValues</c>.</summary>
    public TopKWindowOptions Kept { get; init; } = new();

    /// <summary>Where the rest goes: <c>errorFeedback</c>, <c>errorBits</c>, <c>quantBucketSize</c>, <c>rangeStorage</c>.</summary>
    public WindowErrorOptions Error { get; init; } = new();

    internal static OptionTable<SparseMfacOptions> Table { get; } = new(
    [
        .. WindowOptionTable.OfFisherFamily<SparseMfacOptions>(),
        .. WindowOptionTable.OfTopK<SparseMfacOptions>(o => o.Kept, (o, kept) => o with { Kept = kept }),
        .. WindowOptionTable.OfError<SparseMfacOptions>(o => o.Error, (o, error) => o with { Error = error }),
    ]);

    /// <inheritdoc/>
    public override IEnumerable<KeyValuePair<string, string>> FixedValues => Table.FixedValues(this);

    /// <inheritdoc/>
    protected internal override void Validate()
    {
        base.Validate();
        Kept.Validate();
        Error.Validate();
    }
}
