namespace Residuum.Optimizers;

/// <summary>A group of a method of Adam's family: the betas and epsilon may change at every step too.</summary>
public sealed class AdamGroup : ParameterGroup
{
    /// <summary>Makes a group.</summary>
    /// <param name="parameters">The parameters.</param>
    /// <param name="options">Where the values start.</param>
    /// <exception cref="ArgumentOutOfRangeException">A value is out of its range.</exception>
    public AdamGroup(IEnumerable<Parameter> parameters, AdamFamilyOptions options)
        : base(parameters, options)
    {
        ArgumentNullException.ThrowIfNull(options);
        Beta1 = options.Beta1;
        Beta2 = options.Beta2;
        Epsilon = options.Epsilon;
    }

    /// <summary>
    /// Decay of the first moment, symbol beta1: in [0, 1); 0 for good where the method keeps no first moment. Per group and step.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of its range, or not 0 in a group that was made without a first
    /// moment.</exception>
    public double Beta1
    {
        get;
        set => field = ((AdamFamilyOptions)Options).RequireBeta1(value);
    }

    /// <summary>
    /// Decay of the second moment, symbol beta2: in [0, 1), with methods that can sum up instead [0, 1]. Per group and step.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of its range.</exception>
    public double Beta2
    {
        get;
        set => field = ((AdamFamilyOptions)Options).RequireBeta2(value);
    }

    /// <summary>
    /// What is added after the square root, symbol epsilon: finite, at least 0, in <see cref="LdAdam"/> more. Per group and step.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of its range.</exception>
    public double Epsilon
    {
        get;
        set => field = ((AdamFamilyOptions)Options).RequireEpsilon(value);
    }

    private protected override IEnumerable<LiveValue> Live =>
    [
        .. base.Live,
        new("beta1", () => Beta1, x => Beta1 = x),
        new("beta2", () => Beta2, x => Beta2 = x),
        new("epsilon", () => Epsilon, x => Epsilon = x),
    ];
}
