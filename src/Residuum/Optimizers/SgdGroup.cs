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
    /// <exception cref="ArgumentOutOfRangeException">The value is out of its range, or the group was made without momentum and has no buffer for it.</exception>
    public double Momentum
    {
        get;
        set => field = _hasBuffer || value == 0
            ? Require.InUnitInterval(value, "momentum")
            : throw new ArgumentOutOfRangeException("momentum", value, $"The option momentum is {value}; it must stay 0 in a group that was made without momentum.");
    }

    /// <inheritdoc/>
    public override IEnumerable<KeyValuePair<string, double>> LiveValues => [.. base.LiveValues, new("momentum", Momentum)];

    /// <inheritdoc/>
    public override bool TrySet(string name, double value)
    {
        if (name != "momentum")
        {
            return base.TrySet(name, value);
        }

        Momentum = value;
        return true;
    }
}
