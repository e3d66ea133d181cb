namespace Residuum.Schedules;

/// <summary>
/// Another rate for the first updates, then the base rate: b f for t &lt; T, else b. Without settings the base rate throughout.
/// </summary>
public sealed record ConstantSchedule : Schedule
{
    /// <summary>f: what the first <see cref="Steps"/> rates are multiplied by, at least 0; default 1.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative or not finite.</exception>
    public double Factor { get; init => field = Require.NonNegative(value, "factor"); } = 1;

    /// <summary>T: for how many updates the factor holds, at least 0; default 0.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative.</exception>
    public long Steps { get; init => field = Require.AtLeast(value, 0, "steps"); }

    /// <inheritdoc/>
    public override string Kind => "constant";

    internal override IEnumerable<KeyValuePair<string, string>> Settings =>
        [SettingText.Of("factor", Factor), SettingText.Of("steps", Steps)];

    private protected override double Rate(double b, long t) => t < Steps ? b * Factor : b;
}
