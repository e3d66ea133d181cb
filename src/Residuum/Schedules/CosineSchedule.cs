namespace Residuum.Schedules;

/// <summary>
/// Half a cosine wave from the base rate to the minimum: eta + (b - eta) (1 + cos(pi t / T)) / 2 (arXiv:1608.03983, equation 5).
/// </summary>
public sealed record CosineSchedule : Schedule
{
    /// <summary>T: the number of updates until the minimum, at least 1.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is less than 1.</exception>
    public required long Steps { get; init => field = Require.AtLeast(value, 1, "steps"); }

    /// <summary>eta: the lowest rate, not a factor, at least 0; default 0.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative or not finite.</exception>
    public double Minimum { get; init => field = Require.NonNegative(value, "min"); }

    /// <summary>
    /// What follows after T updates: false (default, as trainers do) stays at the minimum, true goes on with the formula, up again and
    /// down with period 2 T as PyTorch's CosineAnnealingLR does.
    /// </summary>
    public bool Periodic { get; init; }

    /// <inheritdoc/>
    public override string Kind => "cosine";

    internal override IEnumerable<KeyValuePair<string, string>> Settings =>
        [SettingText.Of("steps", Steps), SettingText.Of("min", Minimum), SettingText.Of("periodic", Periodic)];

    private protected override double Rate(double b, long t)
    {
        long phase = Periodic ? t % (2 * Steps) : Math.Min(t, Steps);
        return Annealing.Cosine(b, Minimum, (double)phase / Steps);
    }
}
