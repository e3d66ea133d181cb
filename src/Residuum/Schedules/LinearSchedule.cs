namespace Residuum.Schedules;

/// <summary>From one multiple of the base rate to another: b (s + (e - s) min(t, T) / T). By default from b to 0.</summary>
public sealed record LinearSchedule : Schedule
{
    /// <summary>s: the factor before the first update, at least 0; default 1.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative or not finite.</exception>
    public double Start { get; init => field = Require.NonNegative(value, "start"); } = 1;

    /// <summary>e: the factor after T updates, at least 0; default 0.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative or not finite.</exception>
    public double End { get; init => field = Require.NonNegative(value, "end"); }

    /// <summary>T: the number of updates, at least 1.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is less than 1.</exception>
    public required long Steps { get; init => field = Require.AtLeast(value, 1, "steps"); }

    /// <inheritdoc/>
    public override string Kind => "linear";

    internal override IEnumerable<KeyValuePair<string, string>> Settings =>
        [SettingText.Of("start", Start), SettingText.Of("end", End), SettingText.Of("steps", Steps)];

    private protected override double Rate(double b, long t) => b * (Start + ((End - Start) * Math.Min(t, Steps) / Steps));
}
