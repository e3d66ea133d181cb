namespace Residuum.Optimizers;

/// <summary>
/// Options of <see cref="AdaFd"/>: delta is added to a root that may be 0, so it must be positive; default 0.1 (the authors' code).
/// </summary>
public sealed record AdaFdOptions : SketchedDescentOptions
{
    /// <summary>Options with the defaults.</summary>
    public AdaFdOptions() => Delta = 0.1;

    internal static new OptionTable<AdaFdOptions> Table { get; } = new([.. SketchEntries<AdaFdOptions>()]);

    /// <inheritdoc/>
    protected internal override void Validate()
    {
        base.Validate();
        Require.Positive(Delta, "delta");
    }
}
