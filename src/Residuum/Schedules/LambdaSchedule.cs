namespace Residuum.Schedules;

/// <summary>A function of the user's: b f(t).</summary>
public sealed record LambdaSchedule : Schedule
{
    private readonly Func<long, double> _factor;

    /// <summary>Makes the schedule.</summary>
    /// <param name="factor">f: the factor from the number of updates done; it must depend on that number alone, or runs do not
    /// resume.</param>
    public LambdaSchedule(Func<long, double> factor) => _factor = Require.NotNull(factor);

    /// <inheritdoc/>
    public override string Kind => "lambda";

    internal override IEnumerable<KeyValuePair<string, string>> Settings =>
        throw new NotSupportedException("A lambda schedule is a function of the user's; it cannot be written as text.");

    private protected override double Rate(double b, long t) => b * _factor(t);
}
