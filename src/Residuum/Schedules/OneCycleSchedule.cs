namespace Residuum.Schedules;

/// <summary>
/// One cycle (arXiv:1708.07120, with PyTorch's defaults): from b / startDivisor up to the base rate b, the peak, and down to
/// b / startDivisor / endDivisor at the last update; with three phases first back to the start, then down.
/// </summary>
/// <remarks>Phases end at updates p N - 1 and N - 1, or p N - 1, 2 p N - 2 and N - 1; after the last update the last rate stays.</remarks>
public sealed record OneCycleSchedule : Schedule
{
    /// <summary>N: all updates, at least 2.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is less than 2.</exception>
    public required long Steps { get; init => field = Require.AtLeast(value, 2, "steps"); }

    /// <summary>p: the fraction of the updates up to the peak, in (0, 1]; default 0.3 (PyTorch).</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of its range.</exception>
    public double PeakFraction { get; init => field = Require.Fraction(value, "peakFraction"); } = 0.3;

    /// <summary>What the peak is divided by to give the first rate, greater than 0; default 25 (PyTorch).</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is not greater than 0.</exception>
    public double StartDivisor { get; init => field = Require.Positive(value, "startDivisor"); } = 25;

    /// <summary>What the first rate is divided by to give the last, greater than 0; default 1e4 (PyTorch).</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is not greater than 0.</exception>
    public double EndDivisor { get; init => field = Require.Positive(value, "endDivisor"); } = 1e4;

    /// <summary>How the rate moves within a phase; default <see cref="AnnealingShape.Cosine"/>.</summary>
    public AnnealingShape Shape { get; init; } = AnnealingShape.Cosine;

    /// <summary>Whether a phase of its own leads back to the first rate before the rate goes down to the last; default false.</summary>
    public bool ThreePhases { get; init; }

    /// <inheritdoc/>
    public override string Kind => "one-cycle";

    internal override IEnumerable<KeyValuePair<string, string>> Settings =>
    [
        SettingText.Of("steps", Steps),
        SettingText.Of("peakFraction", PeakFraction),
        SettingText.Of("startDivisor", StartDivisor),
        SettingText.Of("endDivisor", EndDivisor),
        SettingText.Of("shape", Annealing.Name(Shape)),
        SettingText.Of("threePhases", ThreePhases),
    ];

    /// <summary>The momentum that goes with the rate, moving the other way: from max down to base at the peak, and back.</summary>
    /// <param name="baseMomentum">The momentum at the peak; PyTorch's default is 0.85.</param>
    /// <param name="maxMomentum">The momentum at both ends; PyTorch's default is 0.95.</param>
    /// <param name="step">t: the number of updates already done.</param>
    /// <exception cref="ArgumentOutOfRangeException">A momentum is not in [0, 1) or the step is negative.</exception>
    public double MomentumAt(double baseMomentum, double maxMomentum, long step)
    {
        Require.InUnitInterval(baseMomentum, nameof(baseMomentum));
        Require.InUnitInterval(maxMomentum, nameof(maxMomentum));
        Require.AtLeast(step, 0, nameof(step));
        return At(step, maxMomentum, baseMomentum, maxMomentum);
    }

    private protected override double Rate(double b, long t) => At(t, b / StartDivisor, b, b / StartDivisor / EndDivisor);

    private double At(long t, double first, double peak, double last)
    {
        double peakStep = (PeakFraction * Steps) - 1;
        double lastStep = Steps - 1;
        double fallStep = ThreePhases ? (2 * PeakFraction * Steps) - 2 : lastStep;
        if (t >= lastStep)
        {
            return last;
        }

        if (t < peakStep)
        {
            return Annealing.Between(Shape, first, peak, t / peakStep);
        }

        return t < fallStep
            ? Annealing.Between(Shape, peak, ThreePhases ? first : last, (t - peakStep) / (fallStep - peakStep))
            : Annealing.Between(Shape, first, last, (t - fallStep) / (lastStep - fallStep));
    }
}
