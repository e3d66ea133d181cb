namespace Residuum.Optimizers;

/// <summary>A group of <see cref="SubsetNorm"/>: the betas and epsilon may change at every step too, and beta2 may be 1.</summary>
public sealed class SubsetNormGroup : ParameterGroup
{
    private readonly SubsetNormOptions _options;

    /// <summary>Makes a group.</summary>
    /// <param name="parameters">The parameters.</param>
    /// <param name="options">Where the values start.</param>
    /// <exception cref="ArgumentException">An option is out of its range, or two do not go together.</exception>
    public SubsetNormGroup(IEnumerable<Parameter> parameters, SubsetNormOptions options)
        : base(parameters, options)
    {
        _options = Require.NotNull(options);
        Beta1 = options.Beta1;
        Beta2 = options.Beta2;
        Epsilon = options.Epsilon;
    }

    /// <summary>Decay of the first moment, symbol beta1: in [0, 1). Per group and step; a group made with 0 keeps no first moment and stays at 0.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of its range, or the group was made without a first moment.</exception>
    public double Beta1
    {
        get;
        set => field = _options.Beta1 > 0 || value == 0
            ? Require.InUnitInterval(value, "beta1")
            : throw new ArgumentOutOfRangeException("beta1", value, $"The option beta1 is {value}; it must stay 0 in a group that was made with 0.");
    }

    /// <summary>Decay of the second moment, symbol beta2: in [0, 1], where 1 means the plain sum. Per group and step.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of its range, or 1 where the bias is corrected.</exception>
    public double Beta2
    {
        get;
        set => field = _options.BiasCorrection ? Require.InUnitInterval(value, "beta2") : Require.InClosedUnitInterval(value, "beta2");
    }

    /// <summary>What is added after the square root, symbol epsilon: finite, at least 0. Per group and step.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative or not finite.</exception>
    public double Epsilon
    {
        get;
        set => field = Require.NonNegative(value, "epsilon");
    }

    /// <inheritdoc/>
    public override IEnumerable<KeyValuePair<string, double>> LiveValues =>
        [.. base.LiveValues, new("beta1", Beta1), new("beta2", Beta2), new("epsilon", Epsilon)];

    /// <inheritdoc/>
    public override bool TrySet(string name, double value)
    {
        switch (name)
        {
            case "beta1":
                Beta1 = value;
                return true;
            case "beta2":
                Beta2 = value;
                return true;
            case "epsilon":
                Epsilon = value;
                return true;
            default:
                return base.TrySet(name, value);
        }
    }
}
