namespace Residuum.Schedules;

/// <summary>
/// A triangle wave between the base rate and a maximum (arXiv:1506.01186): with U updates up and D down, cycle c = floor(1 + t / (U + D)),
/// x = 1 + t / (U + D) - c, rho = U / (U + D), h = x / rho if x &lt;= rho, else (x - 1) / (rho - 1); the rate is b + (max - b) h scale.
/// </summary>
public sealed record CyclicSchedule : Schedule
{
    /// <summary>The rate at the top of a cycle, not a factor, at least 0.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative or not finite.</exception>
    public required double Maximum { get; init => field = Require.NonNegative(value, "max"); }

    /// <summary>U: updates from bottom to top, at least 1; default 2000 (PyTorch).</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is less than 1.</exception>
    public long StepsUp { get; init => field = Require.AtLeast(value, 1, "up"); } = 2000;

    /// <summary>D: updates from top to bottom, at least 1; default 2000 (PyTorch).</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is less than 1.</exception>
    public long StepsDown { get; init => field = Require.AtLeast(value, 1, "down"); } = 2000;

    /// <summary>What the cycles' height does; default <see cref="CyclicMode.Triangular"/>.</summary>
    public CyclicMode Mode { get; init; }

    /// <summary>gamma of <see cref="CyclicMode.ExponentialRange"/>, greater than 0; default 1.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is not greater than 0.</exception>
    public double Gamma { get; init => field = Require.Positive(value, "gamma"); } = 1;

    /// <inheritdoc/>
    public override string Kind => "cyclic";

    internal override IEnumerable<KeyValuePair<string, string>> Settings =>
    [
        SettingText.Of("max", Maximum),
        SettingText.Of("up", StepsUp),
        SettingText.Of("down", StepsDown),
        SettingText.Of(
            "mode", Mode switch { CyclicMode.Triangular => "triangular", CyclicMode.Triangular2 => "triangular2", _ => "exp-range" }),
        SettingText.Of("gamma", Gamma),
    ];

    /// <summary>The momentum that goes with the rate, moving the other way: max - (max - base) h scale.</summary>
    /// <param name="baseMomentum">The momentum when the rate is highest.</param>
    /// <param name="maxMomentum">The momentum when the rate is lowest, as before the first update.</param>
    /// <param name="step">t: the number of updates already done.</param>
    /// <exception cref="ArgumentOutOfRangeException">A momentum is not in [0, 1) or the step is negative.</exception>
    public double MomentumAt(double baseMomentum, double maxMomentum, long step)
    {
        Require.InUnitInterval(baseMomentum, nameof(baseMomentum));
        Require.InUnitInterval(maxMomentum, nameof(maxMomentum));
        Require.AtLeast(step, 0, nameof(step));
        return maxMomentum - ((maxMomentum - baseMomentum) * Height(step));
    }

    private protected override double Rate(double b, long t) => b + ((Maximum - b) * Height(t));

    private double Height(long t)
    {
        long period = StepsUp + StepsDown;
        long cycle = t / period;
        long x = t % period;
        double h = x <= StepsUp ? (double)x / StepsUp : (double)(period - x) / StepsDown;
        return Mode switch
        {
            CyclicMode.Triangular => h,
            CyclicMode.Triangular2 => h * Math.Pow(2, -cycle),
            _ => h * Math.Pow(Gamma, t),
        };
    }
}
