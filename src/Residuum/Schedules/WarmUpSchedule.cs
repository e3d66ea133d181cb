namespace Residuum.Schedules;

/// <summary>
/// A linear warm-up to the base rate, then another schedule from its own t = 0. With <see cref="CosineSchedule"/> this is what trainers of
/// language models use (nanoGPT's form): b (t + 1) / (W + 1) for t &lt; W, then <see cref="Next"/> at t - W.
/// </summary>
public sealed record WarmUpSchedule : Schedule
{
    /// <summary>W: the number of updates with lowered rates, at least 0.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative.</exception>
    public required long Steps { get; init => field = Require.AtLeast(value, 0, "steps"); }

    /// <summary>Whether the first rate is 0 and the formula b t / W; default false, b (t + 1) / (W + 1).</summary>
    public bool FromZero { get; init; }

    /// <summary>What follows.</summary>
    public required Schedule Next { get; init => field = Require.NotNull(value, "next"); }

    /// <inheritdoc/>
    public override string Kind => "warm-up";

    internal override IEnumerable<KeyValuePair<string, string>> Settings =>
        [SettingText.Of("steps", Steps), SettingText.Of("fromZero", FromZero)];

    private protected override double Rate(double b, long t)
    {
        if (t >= Steps)
        {
            return Next.RateAt(b, t - Steps);
        }

        return FromZero ? b * t / Steps : b * (t + 1) / (Steps + 1);
    }
}
