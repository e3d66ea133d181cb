namespace Residuum.Optimizers;

/// <summary>A group of <see cref="Adafactor"/>: beta1 and the epsilons may change at every step too.</summary>
public sealed class AdafactorGroup : ParameterGroup
{
    private readonly bool _hasMoment;

    /// <summary>Makes a group.</summary>
    /// <param name="parameters">The parameters.</param>
    /// <param name="options">Where the values start.</param>
    /// <exception cref="ArgumentException">An option is out of its range, or two do not go together.</exception>
    public AdafactorGroup(IEnumerable<Parameter> parameters, AdafactorOptions options)
        : base(parameters, options)
    {
        ArgumentNullException.ThrowIfNull(options);
        _hasMoment = options.Beta1 is not null;
        Beta1 = options.Beta1 ?? 0;
        Epsilon1 = options.Epsilon1;
        Epsilon2 = options.Epsilon2;
    }

    /// <summary>
    /// Decay of the first moment, symbol beta1: in [0, 1). Per group and step; a group made without first moment stays at 0.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">
    /// The value is out of its range, or the group was made without a first moment.
    /// </exception>
    public double Beta1
    {
        get;
        set => field = Require.InUnitIntervalWhereKept(value, _hasMoment, "beta1");
    }

    /// <summary>What is added to squared gradients, symbol eps1: finite, at least 0. Per group and step.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative or not finite.</exception>
    public double Epsilon1
    {
        get;
        set => field = Require.NonNegative(value, "epsilon1");
    }

    /// <summary>The least size that weights count as, symbol eps2: finite, at least 0. Per group and step.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative or not finite.</exception>
    public double Epsilon2
    {
        get;
        set => field = Require.NonNegative(value, "epsilon2");
    }

    private protected override IEnumerable<LiveValue> Live =>
    [
        .. base.Live,
        new("beta1", () => Beta1, x => Beta1 = x),
        new("epsilon1", () => Epsilon1, x => Epsilon1 = x),
        new("epsilon2", () => Epsilon2, x => Epsilon2 = x),
    ];
}
