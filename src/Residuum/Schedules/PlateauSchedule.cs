namespace Residuum.Schedules;

/// <summary>
/// The base rate b at every update, where <see cref="ReduceOnPlateau"/> lowers b itself when a metric stops improving; these are its
/// settings.
/// </summary>
/// <remarks>
/// With best metric B and threshold d, a metric m is an improvement if m &lt; B (1 - d), or m &lt; B - d when <see cref="Absolute"/>; for
/// <see cref="Maximize"/>, m &gt; B (1 + d) or m &gt; B + d (the rules of PyTorch's ReduceLROnPlateau). NaN is no improvement.
/// </remarks>
public sealed record PlateauSchedule : Schedule
{
    /// <summary>What the rates are multiplied by, in (0, 1); default 0.1 (PyTorch).</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of its range.</exception>
    public double Factor { get; init => field = Require.Positive(Require.InUnitInterval(value, "factor"), "factor"); } = 0.1;

    /// <summary>How many observations in a row may bring no improvement, at least 0; default 10 (PyTorch).</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative.</exception>
    public long Patience { get; init => field = Require.AtLeast(value, 0, "patience"); } = 10;

    /// <summary>d: by how much a metric must be better to be an improvement, at least 0; default 1e-4 (PyTorch).</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative or not finite.</exception>
    public double Threshold { get; init => field = Require.NonNegative(value, "threshold"); } = 1e-4;

    /// <summary>Whether the threshold is a difference; default false, a fraction of the best metric.</summary>
    public bool Absolute { get; init; }

    /// <summary>Whether the metric is better when higher, as an accuracy; default false, as a loss.</summary>
    public bool Maximize { get; init; }

    /// <summary>How many observations after a reduction are not counted as bad, at least 0; default 0 (PyTorch).</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative.</exception>
    public long Cooldown { get; init => field = Require.AtLeast(value, 0, "cooldown"); }

    /// <summary>The lowest b, at least 0; default 0 (PyTorch).</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative or not finite.</exception>
    public double Minimum { get; init => field = Require.NonNegative(value, "min"); }

    /// <summary>A reduction by no more than this is not made, at least 0; default 1e-8 (PyTorch).</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative or not finite.</exception>
    public double Epsilon { get; init => field = Require.NonNegative(value, "epsilon"); } = 1e-8;

    /// <inheritdoc/>
    public override string Kind => "plateau";

    internal override IEnumerable<KeyValuePair<string, string>> Settings =>
    [
        SettingText.Of("factor", Factor),
        SettingText.Of("patience", Patience),
        SettingText.Of("threshold", Threshold),
        SettingText.Of("absolute", Absolute),
        SettingText.Of("maximize", Maximize),
        SettingText.Of("cooldown", Cooldown),
        SettingText.Of("min", Minimum),
        SettingText.Of("epsilon", Epsilon),
    ];

    /// <summary>The plateau that a schedule is, or ends with after a warm-up; null if it has none.</summary>
    /// <param name="schedule">The schedule.</param>
    public static PlateauSchedule? In(Schedule schedule) => schedule switch
    {
        PlateauSchedule plateau => plateau,
        WarmUpSchedule warmUp => In(warmUp.Next),
        _ => null,
    };

    private protected override double Rate(double b, long t) => b;
}
