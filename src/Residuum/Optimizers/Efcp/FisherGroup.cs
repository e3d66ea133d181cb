namespace Residuum.Optimizers;

/// <summary>A group of a method of the M-FAC family: damping and momentum may change at every step too.</summary>
public sealed class FisherGroup : ParameterGroup
{
    private readonly bool _hasBuffer;

    /// <summary>Makes a group.</summary>
    /// <param name="parameters">The parameters.</param>
    /// <param name="options">Where the values start.</param>
    /// <exception cref="ArgumentException">An option is out of its range, or two do not go together.</exception>
    public FisherGroup(IEnumerable<Parameter> parameters, FisherOptions options)
        : base(parameters, options)
    {
        ArgumentNullException.ThrowIfNull(options);
        _hasBuffer = options.Momentum > 0;
        Damping = options.Damping;
        Momentum = options.Momentum;
    }

    /// <summary>Damping, symbol lambda: greater than 0. Per optimizer and step: at a step all groups must have the same.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of its range.</exception>
    public double Damping
    {
        get;
        set => field = Require.Positive(value, "damping");
    }

    /// <summary>Momentum on the update, symbol b: in [0, 1). Per group and step.</summary>
    /// <exception cref="ArgumentOutOfRangeException">
    /// The value is out of its range, or the group was made without momentum and has no memory for it.
    /// </exception>
    public double Momentum
    {
        get;
        set => field = Require.InUnitIntervalWhereKept(value, _hasBuffer, "momentum");
    }

    private protected override IEnumerable<LiveValue> Live =>
    [
        .. base.Live,
        new("damping", () => Damping, x => Damping = x),
        new("momentum", () => Momentum, x => Momentum = x),
    ];
}
