namespace Residuum.Schedules;

/// <summary>A factor at each milestone: b gamma^(number of milestones at most t).</summary>
public sealed record MultiStepSchedule : Schedule
{
    /// <summary>The numbers of updates after which the rate changes, ascending; one that occurs twice counts twice.</summary>
    /// <exception cref="ArgumentException">They are not ascending.</exception>
    /// <exception cref="ArgumentOutOfRangeException">One is negative.</exception>
    public required IReadOnlyList<long> Milestones { get; init => field = Schedules.Milestones.Checked(value); }

    /// <summary>gamma: the factor, greater than 0; default 0.1 (PyTorch).</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is not greater than 0.</exception>
    public double Gamma { get; init => field = Require.Positive(value, "gamma"); } = 0.1;

    /// <inheritdoc/>
    public override string Kind => "multi-step";

    internal override IEnumerable<KeyValuePair<string, string>> Settings =>
        [SettingText.Of("milestones", Milestones), SettingText.Of("gamma", Gamma)];

    private protected override double Rate(double b, long t) => b * Math.Pow(Gamma, Schedules.Milestones.Passed(Milestones, t));
}
