namespace Residuum.Optimizers;

/// <summary>The options that every optimizer has. Records are immutable; what may change at every step is copied to the group.</summary>
public abstract record OptimizerOptions
{
    /// <summary>Learning rate, symbol eta: at least 0. Per group and step.</summary>
    public double LearningRate { get; init; }

    /// <summary>Weight decay, symbol lambda: at least 0. Per group and step.</summary>
    public double WeightDecay { get; init; }
}
