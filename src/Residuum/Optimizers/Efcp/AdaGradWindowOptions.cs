namespace Residuum.Optimizers;

/// <summary>The options of the GGT family.</summary>
public abstract record AdaGradWindowOptions : WindowOptions
{
    /// <summary>Options with the defaults: learning rate 1, window 100, decay added to the gradient (EFCP's documented run).</summary>
    protected AdaGradWindowOptions()
    {
        LearningRate = 1;
        Window = 100;
        WeightDecayMode = WeightDecayMode.L2;
    }

    /// <summary>
    /// What is added to the root, symbol epsilon: greater than 0, default 1e-5 (EFCP's documented run). Per optimizer and step.
    /// </summary>
    public double Epsilon { get; init; } = 1e-5;

    /// <summary>
    /// The scale of a gradient per step of its age, symbol beta2: in (0, 1], default 1 (EFCP's documented run). Per optimizer and step.
    /// </summary>
    public double Beta2 { get; init; } = 1;

    /// <summary>
    /// Decay of the running mean of gradients that is preconditioned instead of the newest one, symbol beta1: in [0, 1), default 0 (EFCP's
    /// documented run); always 0 in windows of compressed gradients. Per optimizer and step, but an optimizer made without has no memory
    /// for it.
    /// </summary>
    public double Beta1 { get; init; }

    /// <summary>
    /// What is added to the diagonal of the Gram matrix, symbol delta: at least 0, default 1e-6 as published; absolute, so that gradients
    /// of norm 1e-3 and less count as noise. Per optimizer and fixed.
    /// </summary>
    public double GramJitter { get; init; } = 1e-6;

    internal sealed override bool HasMomentum => Beta1 > 0;

    /// <inheritdoc/>
    protected internal override void Validate()
    {
        base.Validate();
        Require.Positive(Epsilon, "epsilon");
        Require.Fraction(Beta2, "beta2");
        Require.NonNegative(GramJitter, "gramJitter");
        Require.InUnitInterval(Beta1, "beta1");
    }

    /// <summary>For windows of compressed gradients.</summary>
    /// <exception cref="ArgumentException"><see cref="Beta1"/> is not 0.</exception>
    private protected void RequireNoMean()
    {
        if (Beta1 != 0)
        {
            throw new ArgumentException(
                $"The option beta1 is {Beta1}; it must be 0, since what is preconditioned is the compressed gradient.", "beta1");
        }
    }
}
