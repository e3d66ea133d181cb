namespace Residuum.Optimizers;

/// <summary>A group of <see cref="Sgd"/>: the momentum may change at every step too.</summary>
public sealed class SgdGroup : ParameterGroup
{
    private readonly bool _hasBuffer;

    /// <summary>Makes a group.</summary>
    /// <param name="parameters">The parameters.</param>
    /// <param name="options">Where the values start.</param>
    /// <exception cref="ArgumentException">An option is out of its range, or two do not go together.</exception>
    public SgdGroup(IEnumerable<Parameter> parameters, SgdOptions options)
        : base(parameters, options)
    {
        ArgumentNullException.ThrowIfNull(options);
        _hasBuffer = options.Momentum > 0;
        Momentum = options.Momentum;
    }

    /// <summary>Momentum, symbol mu: in [0, 1). Per group and step.</summary>
    /// <exception cref="ArgumentOutOfRangeException">
    /// The value is out of its range, or the group was made without momentum and has no buffer for it.
    /// </exception>
    public double Momentum
    {
        get;
        set => field = Require.InUnitIntervalWhereKept(value, _hasBuffer, "momentum");
    }

    private protected override IEnumerable<LiveValue> Live =>
    [
        .. base.Live,
        new("momentum", () => Momentum, x => Momentum = x),
    ];
}
