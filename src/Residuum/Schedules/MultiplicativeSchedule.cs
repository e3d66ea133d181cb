namespace Residuum.Schedules;

/// <summary>A product of factors of the user's: b f(1) f(2) ... f(t).</summary>
/// <remarks>The product is kept from call to call, so that a run that asks for one step after the other evaluates f once a step.</remarks>
public sealed record MultiplicativeSchedule : Schedule
{
    private readonly Func<long, double> _factor;
    private Tuple<long, double> _known = new(0, 1);

    /// <summary>Makes the schedule.</summary>
    /// <param name="factor">f: the factor of an update from its number, from 1; it must depend on that number alone, or runs do not
    /// resume.</param>
    public MultiplicativeSchedule(Func<long, double> factor) => _factor = Require.NotNull(factor);

    /// <inheritdoc/>
    public override string Kind => "multiplicative";

    internal override IEnumerable<KeyValuePair<string, string>> Settings =>
        throw new NotSupportedException("A multiplicative schedule is a function of the user's; it cannot be written as text.");

    private protected override double Rate(double b, long t)
    {
        // Always multiplied from 1 upwards, so the bits do not depend on which steps were asked for before.
        (long from, double product) = _known.Item1 <= t ? _known : new(0, 1);
        for (long j = from + 1; j <= t; j++)
        {
            product *= _factor(j);
        }

        _known = new(t, product);
        return b * product;
    }
}
