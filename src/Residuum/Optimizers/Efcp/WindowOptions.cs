namespace Residuum.Optimizers;

/// <summary>The options of every method with a window of gradients: section 8 of the methods page of EFCP.</summary>
public abstract record WindowOptions : OptimizerOptions
{
    /// <summary>Gradients in the window, symbol m: 1 to 8,192; the default is the method's. Per optimizer and fixed.</summary>
    public int Window { get; init; }

    /// <summary>What <see cref="OptimizerOptions.WeightDecay"/> does; the default is the method's. Per group and fixed.</summary>
    public WeightDecayMode WeightDecayMode { get; init; }

    /// <summary>
    /// The largest norm of the update u over all parameters, before momentum: at least 0, default 0, which is no limit. Per optimizer and
    /// fixed.
    /// </summary>
    public double ClipUpdateNorm { get; init; }

    /// <summary>Whether parameters have a momentum.</summary>
    internal abstract bool HasMomentum { get; }

    /// <inheritdoc/>
    protected internal override void Validate()
    {
        base.Validate();
        Require.Between(Window, 1, 8192, "window");
        Require.NonNegative(ClipUpdateNorm, "clipUpdateNorm");
    }
}
