namespace Residuum.Optimizers;

/// <summary>Options of <see cref="LowRankGgt"/>.</summary>
public sealed record LowRankGgtOptions : AdaGradWindowOptions
{
    /// <summary>What is kept: <c>rank</c>, <c>initialQ</c>, <c>qFromWeights</c>.</summary>
    public LowRankWindowOptions Kept { get; init; } = new();

    /// <summary>Where the rest goes: <c>errorFeedback</c>, <c>errorBits</c>, <c>quantBucketSize</c>, <c>rangeStorage</c>.</summary>
    public WindowErrorOptions Error { get; init; } = new();

    internal static OptionTable<LowRankGgtOptions> Table { get; } = new(
    [
        .. WindowOptionTable.OfAdaGradFamily<LowRankGgtOptions>(),
        .. WindowOptionTable.OfLowRank<LowRankGgtOptions>(o => o.Kept, (o, kept) => o with { Kept = kept }),
        .. WindowOptionTable.OfError<LowRankGgtOptions>(o => o.Error, (o, error) => o with { Error = error }),
    ]);

    /// <inheritdoc/>
    public override IEnumerable<KeyValuePair<string, string>> FixedValues => Table.FixedValues(this);

    /// <inheritdoc/>
    protected internal override void Validate()
    {
        base.Validate();
        RequireNoMean();
        Kept.Validate();
        Error.Validate();
    }
}
