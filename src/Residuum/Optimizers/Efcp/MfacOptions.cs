namespace Residuum.Optimizers;

/// <summary>Options of <see cref="Mfac"/>.</summary>
public sealed record MfacOptions : FisherOptions
{
    internal static OptionTable<MfacOptions> Table { get; } =
        new([.. WindowOptionTable.OfFisherFamily<MfacOptions>(), .. WindowOptionTable.OfNoError<MfacOptions>()]);

    /// <inheritdoc/>
    public override IEnumerable<KeyValuePair<string, string>> FixedValues => Table.FixedValues(this);
}
