namespace Residuum.Optimizers;

/// <summary>Parameters that are trained alike, and the values of theirs that may change at every step.</summary>
/// <remarks>What is fixed when the optimizer is made (window, density, rank, block sizes, ...) stays in <see cref="Options"/>.</remarks>
public class ParameterGroup
{
    private readonly Parameter[] _parameters;

    /// <summary>Makes a group.</summary>
    /// <param name="parameters">The parameters, in the order in which methods that see one flat vector concatenate them.</param>
    /// <param name="options">The fixed options, and where the values that may change start.</param>
    /// <exception cref="ArgumentOutOfRangeException">A value is out of its range.</exception>
    public ParameterGroup(IEnumerable<Parameter> parameters, OptimizerOptions options)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        ArgumentNullException.ThrowIfNull(options);
        _parameters = [.. parameters];
        options.Validate();
        Options = options;
        LearningRate = options.LearningRate;
        WeightDecay = options.WeightDecay;
    }

    /// <summary>The parameters.</summary>
    public IReadOnlyList<Parameter> Parameters => _parameters;

    /// <summary>The options the group was made with. Of those that may change at every step it holds the starting values.</summary>
    public OptimizerOptions Options { get; }

    /// <summary>Learning rate, symbol eta: finite, at least 0. Per group and step.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative or not finite.</exception>
    public double LearningRate
    {
        get;
        set => field = Require.NonNegative(value, "learningRate");
    }

    /// <summary>
    /// Weight decay, symbol lambda: finite, at least 0. Per group and step; whether it is decoupled is the method's affair. The methods of
    /// online optimization have none: there it is 0.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of its range.</exception>
    public double WeightDecay
    {
        get;
        set => field = RequireWeightDecay(value);
    }

    /// <summary>The values that may change at every step, by camelCase name: what a checkpoint records of the group.</summary>
    public virtual IEnumerable<KeyValuePair<string, double>> LiveValues => Live.Select(live => KeyValuePair.Create(live.Name, live.Get()));

    /// <summary>The same as a table.</summary>
    private protected virtual IEnumerable<LiveValue> Live =>
        [new("learningRate", () => LearningRate, x => LearningRate = x), new("weightDecay", () => WeightDecay, x => WeightDecay = x)];

    /// <summary>Sets one of <see cref="LiveValues"/> by name.</summary>
    /// <param name="name">For example <c>learningRate</c>.</param>
    /// <param name="value">The new value.</param>
    /// <returns>False if this group has no such value.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of its range.</exception>
    public virtual bool TrySet(string name, double value)
    {
        LiveValue? live = Live.FirstOrDefault(live => live.Name == name);
        live?.Set(value);
        return live is not null;
    }

    /// <summary>Returns a weight decay that is in its range.</summary>
    private protected virtual double RequireWeightDecay(double value) => Require.NonNegative(value, "weightDecay");
}
