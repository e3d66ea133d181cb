namespace Residuum.Schedules;

/// <summary>
/// Linear warm-up, the base rate for most of the run, then a decay to the minimum over its last part (arXiv:2404.06395, section 4).
/// </summary>
/// <remarks>
/// b (t + 1) / (W + 1) for t &lt; W; b until N - D; then with x = min(1, (t - (N - D)) / D) linearly from b to min,
/// or min + (b - min) (1 - sqrt(x)).
/// </remarks>
public sealed record WarmUpStableDecaySchedule : Schedule
{
    /// <summary>N: all updates, at least 1.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is less than 1.</exception>
    public required long Steps { get; init => field = Require.AtLeast(value, 1, "steps"); }

    /// <summary>W: the updates of the warm-up, at least 0; default 0.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative.</exception>
    public long WarmUp { get; init => field = Require.AtLeast(value, 0, "warmup"); }

    /// <summary>D: the updates of the decay at the end, at least 1.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is less than 1.</exception>
    public required long Decay { get; init => field = Require.AtLeast(value, 1, "decay"); }

    /// <summary>min: the rate after N updates, not a factor, at least 0; default 0.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative or not finite.</exception>
    public double Minimum { get; init => field = Require.NonNegative(value, "min"); }

    /// <summary>How the rate decays; default <see cref="AnnealingShape.Linear"/>.</summary>
    public AnnealingShape Shape { get; init; } = AnnealingShape.Linear;

    /// <inheritdoc/>
    public override string Kind => "warm-up-stable-decay";

    internal override IEnumerable<KeyValuePair<string, string>> Settings =>
    [
        SettingText.Of("steps", Steps),
        SettingText.Of("warmup", WarmUp),
        SettingText.Of("decay", Decay),
        SettingText.Of("min", Minimum),
        SettingText.Of("shape", Annealing.Name(Shape)),
    ];

    // Where warm-up and decay meet (W > N - D), the warm-up goes first.
    private protected override double Rate(double b, long t)
    {
        if (t < WarmUp)
        {
            return b * (t + 1) / (WarmUp + 1);
        }

        long decayed = t - (Steps - Decay);
        return decayed <= 0 ? b : Annealing.Between(Shape, b, Minimum, (double)Math.Min(decayed, Decay) / Decay);
    }
}
