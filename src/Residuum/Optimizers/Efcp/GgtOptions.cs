namespace Residuum.Optimizers;

/// <summary>Options of <see cref="Ggt"/>.</summary>
public sealed record GgtOptions : AdaGradWindowOptions
{
    internal static OptionTable<GgtOptions> Table { get; } =
        new([.. WindowOptionTable.OfAdaGradFamily<GgtOptions>(), .. WindowOptionTable.OfNoError<GgtOptions>()]);

    /// <inheritdoc/>
    public override IEnumerable<KeyValuePair<string, string>> FixedValues => Table.FixedValues(this);
}
