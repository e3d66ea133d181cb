namespace Residuum.Optimizers;

/// <summary>A group of a method of the GGT family: epsilon and the betas may change at every step too.</summary>
public sealed class AdaGradWindowGroup : ParameterGroup
{
    private readonly bool _hasMean;

    /// <summary>Makes a group.</summary>
    /// <param name="parameters">The parameters.</param>
    /// <param name="options">Where the values start.</param>
    /// <exception cref="ArgumentException">An option is out of its range, or two do not go together.</exception>
    public AdaGradWindowGroup(IEnumerable<Parameter> parameters, AdaGradWindowOptions options)
        : base(parameters, options)
    {
        ArgumentNullException.ThrowIfNull(options);
        _hasMean = options.Beta1 > 0;
        Epsilon = options.Epsilon;
        Beta1 = options.Beta1;
        Beta2 = options.Beta2;
    }

    /// <summary>
    /// What is added to the root, symbol epsilon: greater than 0. Per optimizer and step: at a step all groups must have the same.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of its range.</exception>
    public double Epsilon
    {
        get;
        set => field = Require.Positive(value, "epsilon");
    }

    /// <summary>
    /// Decay of the mean of gradients, symbol beta1: in [0, 1). Per optimizer and step: at a step all groups must have the same.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">
    /// The value is out of its range, or the group was made with 0 and has no memory for a mean.
    /// </exception>
    public double Beta1
    {
        get;
        set => field = Require.InUnitIntervalWhereKept(value, _hasMean, "beta1");
    }

    /// <summary>
    /// The scale of a gradient per step of its age, symbol beta2: in (0, 1]. Per optimizer and step: at a step all groups must have the
    /// same.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of its range.</exception>
    public double Beta2
    {
        get;
        set => field = Require.Fraction(value, "beta2");
    }

    private protected override IEnumerable<LiveValue> Live =>
    [
        .. base.Live,
        new("epsilon", () => Epsilon, x => Epsilon = x),
        new("beta1", () => Beta1, x => Beta1 = x),
        new("beta2", () => Beta2, x => Beta2 = x),
    ];
}
