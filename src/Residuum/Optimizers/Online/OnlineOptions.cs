namespace Residuum.Optimizers;

/// <summary>The options that every method of online convex optimization has: section 4 of their page.</summary>
public abstract record OnlineOptions : OptimizerOptions
{
    private protected OnlineOptions() => LearningRate = 0.1;

    /// <summary>
    /// What is added to the second moments, symbol delta: at least 0, default 0 (the authors' README); what exactly it is added to is the
    /// method's affair. Per group and fixed.
    /// </summary>
    public double Delta { get; init; }

    /// <inheritdoc/>
    protected internal override void Validate()
    {
        base.Validate();
        Require.NonNegative(Delta, "delta");
        RequireNoWeightDecay(WeightDecay);
    }

    /// <summary>Returns a weight decay that is 0.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is not.</exception>
    internal static double RequireNoWeightDecay(double value) => value == 0
        ? value
        : throw new ArgumentOutOfRangeException(
            "weightDecay",
            value,
            $"The option weightDecay is {value}; the methods of online optimization have none, so it must be 0.");

    private protected static IEnumerable<Option<TOptions>> Entries<TOptions>()
        where TOptions : OnlineOptions =>
    [
        Option.Number<TOptions>(
            "learningRate", o => o.LearningRate, (o, x) => (TOptions)((OptimizerOptions)o with { LearningRate = x }), live: true),
        Option.Number<TOptions>("delta", o => o.Delta, (o, x) => (TOptions)((OnlineOptions)o with { Delta = x })),
    ];
}
