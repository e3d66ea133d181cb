namespace Residuum.Schedules;

/// <summary>A factor every so many updates: b gamma^floor(t / S).</summary>
public sealed record StepSchedule : Schedule
{
    /// <summary>S: the updates between two changes, at least 1.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is less than 1.</exception>
    public required long Size { get; init => field = Require.AtLeast(value, 1, "size"); }

    /// <summary>gamma: the factor, greater than 0; default 0.1 (PyTorch).</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is not greater than 0.</exception>
    public double Gamma { get; init => field = Require.Positive(value, "gamma"); } = 0.1;

    /// <inheritdoc/>
    public override string Kind => "step";

    internal override IEnumerable<KeyValuePair<string, string>> Settings => [SettingText.Of("size", Size), SettingText.Of("gamma", Gamma)];

    private protected override double Rate(double b, long t) => b * Math.Pow(Gamma, t / Size);
}
