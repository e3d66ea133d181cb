namespace Residuum.Optimizers;

/// <summary>Options of <see cref="AdaGrad"/>. The learning rate has no default in the paper; ours is 0.1.</summary>
public sealed record AdaGradOptions : OnlineOptions
{
    internal static OptionTable<AdaGradOptions> Table { get; } = new([.. Entries<AdaGradOptions>()]);

    /// <inheritdoc/>
    public override IEnumerable<KeyValuePair<string, string>> FixedValues => Table.FixedValues(this);
}
