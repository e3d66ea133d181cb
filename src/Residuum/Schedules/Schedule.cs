namespace Residuum.Schedules;

/// <summary>
/// A learning rate as a pure function of the number of updates already done, so that a run resumes from that number alone.
/// </summary>
/// <remarks>
/// The rate of update number t + 1 is <c>RateAt(b, t)</c>, where b is the base rate of the group. All schedules are closed forms: nothing
/// is carried from step to step, so no rounding accumulates. Schedules are immutable and may be shared between groups and threads.
/// Of <see cref="PlateauSchedule"/>, which needs a metric, <see cref="ReduceOnPlateau"/> is the part that has state.
/// </remarks>
public abstract record Schedule
{
    private protected Schedule()
    {
    }

    /// <summary>The schedule's name on the command line and in checkpoints.</summary>
    public abstract string Kind { get; }

    /// <summary>
    /// The settings by name, as text that <see cref="Parse"/> takes: what the schedule is, together with <see cref="Kind"/>.
    /// </summary>
    internal abstract IEnumerable<KeyValuePair<string, string>> Settings { get; }

    /// <summary>The rate to use for the next update.</summary>
    /// <param name="baseRate">b: the group's rate before any schedule, at least 0.</param>
    /// <param name="step">t: the number of updates already done, 0 before the first.</param>
    /// <exception cref="ArgumentOutOfRangeException">The step, the base rate or the rate is negative or not finite.</exception>
    public double RateAt(double baseRate, long step)
    {
        Require.NonNegative(baseRate, nameof(baseRate));
        Require.AtLeast(step, 0, nameof(step));
        return Require.NonNegative(Rate(baseRate, step), "learningRate");
    }

    /// <summary>
    /// Reads the compact text of the command line: a kind, then settings, for example <c>linear</c> or <c>cosine:warmup=100,min=1e-5</c>.
    /// docs/schedules.md lists kinds and settings.
    /// </summary>
    /// <param name="text">The text. With <c>warmup=W</c>, any kind is preceded by a linear warm-up over W of its steps.</param>
    /// <param name="totalSteps">The number of updates of the run: where a schedule ends whose text does not say so.</param>
    /// <exception cref="FormatException">The text has an unknown kind or setting, or a value that is none.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A value is out of its range.</exception>
    public static Schedule Parse(string text, long totalSteps)
    {
        ArgumentNullException.ThrowIfNull(text);
        Require.AtLeast(totalSteps, 1, nameof(totalSteps));
        return ScheduleText.Read(text, totalSteps);
    }

    /// <summary>Reads what <see cref="ToJson"/> wrote.</summary>
    /// <param name="json">The JSON text.</param>
    /// <exception cref="FormatException">The text is not that of a schedule.</exception>
    public static Schedule FromJson(string json)
    {
        ArgumentNullException.ThrowIfNull(json);
        return ScheduleJson.Read(json);
    }

    /// <summary>
    /// The schedule as JSON text for checkpoints and logs, for example <c>{"kind":"cosine","steps":1000,"min":1E-05}</c>.
    /// </summary>
    /// <exception cref="NotSupportedException">The schedule is a function of the user's, which no text can hold.</exception>
    public string ToJson() => ScheduleJson.Write(this);

    /// <summary>The formula; b is at least 0 and finite, t at least 0.</summary>
    private protected abstract double Rate(double b, long t);
}
