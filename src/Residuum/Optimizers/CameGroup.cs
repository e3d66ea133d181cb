namespace Residuum.Optimizers;

/// <summary>A group of <see cref="Came"/>: the betas and epsilons may change at every step too.</summary>
public sealed class CameGroup : ParameterGroup
{
    /// <summary>Makes a group.</summary>
    /// <param name="parameters">The parameters.</param>
    /// <param name="options">Where the values start.</param>
    /// <exception cref="ArgumentOutOfRangeException">A value is out of its range.</exception>
    public CameGroup(IEnumerable<Parameter> parameters, CameOptions options)
        : base(parameters, options)
    {
        ArgumentNullException.ThrowIfNull(options);
        Beta1 = options.Beta1;
        Beta2 = options.Beta2;
        Beta3 = options.Beta3;
        Epsilon1 = options.Epsilon1;
        Epsilon2 = options.Epsilon2;
    }

    /// <summary>Decay of the first moment, symbol beta1: in [0, 1). Per group and step.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of its range.</exception>
    public double Beta1
    {
        get;
        set => field = Require.InUnitInterval(value, "beta1");
    }

    /// <summary>Decay of the second moment, symbol beta2: in [0, 1). Per group and step.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of its range.</exception>
    public double Beta2
    {
        get;
        set => field = Require.InUnitInterval(value, "beta2");
    }

    /// <summary>Decay of the confidence, symbol beta3: in [0, 1). Per group and step.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of its range.</exception>
    public double Beta3
    {
        get;
        set => field = Require.InUnitInterval(value, "beta3");
    }

    /// <summary>What is added to squared gradients, symbol eps1: finite, at least 0. Per group and step.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative or not finite.</exception>
    public double Epsilon1
    {
        get;
        set => field = Require.NonNegative(value, "epsilon1");
    }

    /// <summary>What is added to squared deviations, symbol eps2: finite, at least 0. Per group and step.</summary>
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
        new("beta2", () => Beta2, x => Beta2 = x),
        new("beta3", () => Beta3, x => Beta3 = x),
        new("epsilon1", () => Epsilon1, x => Epsilon1 = x),
        new("epsilon2", () => Epsilon2, x => Epsilon2 = x),
    ];
}
