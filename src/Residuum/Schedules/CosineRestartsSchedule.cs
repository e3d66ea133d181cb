namespace Residuum.Schedules;

/// <summary>
/// Cosine with warm restarts: period i has length T_i = T_0 M^i; within it, eta + (b - eta) (1 + cos(pi t_cur / T_i)) / 2
/// (arXiv:1608.03983; PyTorch's CosineAnnealingWarmRestarts).
/// </summary>
public sealed record CosineRestartsSchedule : Schedule
{
    /// <summary>T_0: the updates of the first period, at least 1.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is less than 1.</exception>
    public required long Period { get; init => field = Require.AtLeast(value, 1, "period"); }

    /// <summary>M: by how much each period is longer than the one before, at least 1; default 1.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is less than 1.</exception>
    public long Multiplier { get; init => field = Require.AtLeast(value, 1, "multiplier"); } = 1;

    /// <summary>eta: the lowest rate, not a factor, at least 0; default 0.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative or not finite.</exception>
    public double Minimum { get; init => field = Require.NonNegative(value, "min"); }

    /// <inheritdoc/>
    public override string Kind => "cosine-restarts";

    internal override IEnumerable<KeyValuePair<string, string>> Settings =>
        [SettingText.Of("period", Period), SettingText.Of("multiplier", Multiplier), SettingText.Of("min", Minimum)];

    private protected override double Rate(double b, long t)
    {
        // Whole numbers throughout: PyTorch finds the period by a logarithm, which rounding can put one off.
        long length = Period;
        long inPeriod = t;
        if (Multiplier == 1)
        {
            inPeriod %= Period;
        }
        else
        {
            while (inPeriod >= length)
            {
                inPeriod -= length;
                length = checked(length * Multiplier);
            }
        }

        return Annealing.Cosine(b, Minimum, (double)inPeriod / length);
    }
}
