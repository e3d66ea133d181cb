namespace Residuum.Optimizers;

/// <summary>The options that every optimizer has. Records are immutable; what may change at every step is copied to the group.</summary>
public abstract record OptimizerOptions
{
    /// <summary>Learning rate, symbol eta: at least 0; the default is the method's. Per group and step.</summary>
    public double LearningRate { get; init; }

    /// <summary>Weight decay, symbol lambda: at least 0; the default is the method's. Per group and step.</summary>
    public double WeightDecay { get; init; }

    /// <summary>
    /// The options that are fixed when the optimizer is made, by camelCase name and as text: what a checkpoint records and a load compares.
    /// Those that may change at every step are in <see cref="ParameterGroup.LiveValues"/> instead.
    /// </summary>
    public virtual IEnumerable<KeyValuePair<string, string>> FixedValues => [];

    /// <summary>Checks all options; a group checks once more what changes after.</summary>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of its range.</exception>
    /// <exception cref="ArgumentException">Two options do not go together.</exception>
    protected internal virtual void Validate()
    {
        Require.NonNegative(LearningRate, "learningRate");
        Require.NonNegative(WeightDecay, "weightDecay");
    }
}
