namespace Residuum.Optimizers;

/// <summary>Options of <see cref="Ogd"/>. The learning rate has no default in the paper; ours is 0.1.</summary>
public sealed record OgdOptions : OnlineOptions
{
    internal static OptionTable<OgdOptions> Table { get; } = new([.. Entries<OgdOptions>()]);

    /// <inheritdoc/>
    public override IEnumerable<KeyValuePair<string, string>> FixedValues => Table.FixedValues(this);
}
