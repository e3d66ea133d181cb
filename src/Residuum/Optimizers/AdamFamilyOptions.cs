namespace Residuum.Optimizers;

/// <summary>The options that every method of Adam's family has.</summary>
public abstract record AdamFamilyOptions : OptimizerOptions
{
    /// <summary>Decay of the first moment, symbol beta1: in [0, 1), default 0.9 (the authors of Adam). Per group and step.</summary>
    public double Beta1 { get; init; } = 0.9;

    /// <summary>Decay of the second moment, symbol beta2: in [0, 1), default 0.999 (the authors of Adam). Per group and step.</summary>
    public double Beta2 { get; init; } = 0.999;

    /// <summary>
    /// What is added after the square root, symbol epsilon: at least 0, in <see cref="LdAdam"/> more; default 1e-8 (the authors of Adam).
    /// Per group and step.
    /// </summary>
    public double Epsilon { get; init; } = 1e-8;

    /// <summary>Whether a first moment is kept; where not, beta1 stays 0.</summary>
    protected internal virtual bool HasFirstMoment => true;

    /// <summary>Whether beta2 may be 1: where second moments are sums then, as in AdaGrad.</summary>
    protected internal virtual bool AllowsBeta2One => false;

    /// <summary>Whether epsilon may be 0: where not, a direction of zeros would be 0 / 0.</summary>
    protected internal virtual bool AllowsEpsilonZero => true;

    /// <inheritdoc/>
    protected internal override void Validate()
    {
        base.Validate();
        RequireBeta1(Beta1);
        RequireBeta2(Beta2);
        RequireEpsilon(Epsilon);
    }

    /// <summary>Returns a beta1 that is in its range for these options.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is not.</exception>
    internal double RequireBeta1(double value) => Require.InUnitIntervalWhereKept(value, HasFirstMoment, "beta1");

    /// <summary>Returns a beta2 that is in its range for these options.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is not.</exception>
    internal double RequireBeta2(double value) =>
        AllowsBeta2One ? Require.InClosedUnitInterval(value, "beta2") : Require.InUnitInterval(value, "beta2");

    /// <summary>Returns an epsilon that is in its range for these options.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is not.</exception>
    internal double RequireEpsilon(double value) =>
        AllowsEpsilonZero ? Require.NonNegative(value, "epsilon") : Require.Positive(value, "epsilon");
}
