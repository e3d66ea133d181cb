namespace Residuum.Optimizers;

/// <summary>The options of the M-FAC family.</summary>
public abstract record FisherOptions : WindowOptions
{
    /// <summary>
    /// Options with the defaults: learning rate 1e-3, window 1,024, decay decoupled and times the rate (the authors' packaged code).
    /// </summary>
    protected FisherOptions()
    {
        LearningRate = 1e-3;
        Window = 1024;
        WeightDecayMode = WeightDecayMode.DecoupledLr;
    }

    /// <summary>Damping, symbol lambda: greater than 0, default 1e-6 (the authors' packaged examples). Per optimizer and step.</summary>
    public double Damping { get; init; } = 1e-6;

    /// <summary>n of the mean: the window's length (default, as published) or the gradients in it. Per optimizer and fixed.</summary>
    public FisherCount FisherCount { get; init; } = FisherCount.Window;

    /// <summary>
    /// Momentum on the update, symbol b: in [0, 1), default 0. Per group and step, but a group made without has no memory for it.
    /// </summary>
    public double Momentum { get; init; }

    /// <summary>The form of the momentum, default the heavy ball (EFCP's dense and sparse code). Per group and fixed.</summary>
    public MomentumForm MomentumForm { get; init; } = MomentumForm.HeavyBall;

    internal sealed override bool HasMomentum => Momentum > 0;

    /// <inheritdoc/>
    protected internal override void Validate()
    {
        base.Validate();
        Require.Positive(Damping, "damping");
        Require.InUnitInterval(Momentum, "momentum");
    }
}
