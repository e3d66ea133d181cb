namespace Residuum.Schedules;

/// <summary>A factor at every update: b gamma^t.</summary>
public sealed record ExponentialSchedule : Schedule
{
    /// <summary>gamma: the factor, greater than 0.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is not greater than 0.</exception>
    public required double Gamma { get; init => field = Require.Positive(value, "gamma"); }

    /// <inheritdoc/>
    public override string Kind => "exponential";

    internal override IEnumerable<KeyValuePair<string, string>> Settings => [SettingText.Of("gamma", Gamma)];

    private protected override double Rate(double b, long t) => b * Math.Pow(Gamma, t);
}
