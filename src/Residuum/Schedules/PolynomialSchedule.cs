namespace Residuum.Schedules;

/// <summary>A power of what is left of the run: b (1 - min(t, T) / T)^p.</summary>
public sealed record PolynomialSchedule : Schedule
{
    /// <summary>T: the updates until the rate is 0, at least 1.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is less than 1.</exception>
    public required long Steps { get; init => field = Require.AtLeast(value, 1, "steps"); }

    /// <summary>p: the power, greater than 0; default 1, a straight line (PyTorch).</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is not greater than 0.</exception>
    public double Power { get; init => field = Require.Positive(value, "power"); } = 1;

    /// <inheritdoc/>
    public override string Kind => "polynomial";

    internal override IEnumerable<KeyValuePair<string, string>> Settings =>
        [SettingText.Of("steps", Steps), SettingText.Of("power", Power)];

    private protected override double Rate(double b, long t) => b * Math.Pow(1 - ((double)Math.Min(t, Steps) / Steps), Power);
}
