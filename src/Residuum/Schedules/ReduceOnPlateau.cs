using Residuum.State;

namespace Residuum.Schedules;

/// <summary>
/// Lowers the rates when a metric stops improving: after more than <see cref="Patience"/> observations in a row without improvement,
/// rate = max(rate factor, minimum). The one schedule with state, which <see cref="State"/> names for checkpoints.
/// </summary>
/// <remarks>
/// With best metric B and threshold d, a metric m is an improvement if m &lt; B (1 - d), or m &lt; B - d when <see cref="Absolute"/>; for
/// <see cref="Maximize"/>, m &gt; B (1 + d) or m &gt; B + d (the rules of PyTorch's ReduceLROnPlateau). NaN is no improvement.
/// </remarks>
public sealed class ReduceOnPlateau
{
    private readonly double[] _rates;
    private readonly double[] _best = [double.PositiveInfinity];
    private readonly long[] _badCount = new long[1];
    private readonly long[] _cooldownCount = new long[1];

    /// <summary>Starts at the given rates, one for each group.</summary>
    /// <param name="rates">The base rates, at least one, each at least 0.</param>
    /// <exception cref="ArgumentException">There is no rate.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A rate is negative or not finite.</exception>
    public ReduceOnPlateau(params ReadOnlySpan<double> rates)
    {
        if (rates.IsEmpty)
        {
            throw new ArgumentException("At least one rate is needed.", nameof(rates));
        }

        foreach (double rate in rates)
        {
            Require.NonNegative(rate, nameof(rates));
        }

        _rates = rates.ToArray();
    }

    /// <summary>Whether the metric is better when higher, as an accuracy; default false, as a loss.</summary>
    public bool Maximize
    {
        get;
        init
        {
            field = value;
            _best[0] = value ? double.NegativeInfinity : double.PositiveInfinity;
        }
    }

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

    /// <summary>How many observations after a reduction are not counted as bad, at least 0; default 0 (PyTorch).</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative.</exception>
    public long Cooldown { get; init => field = Require.AtLeast(value, 0, "cooldown"); }

    /// <summary>The lowest rate, at least 0; default 0 (PyTorch).</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative or not finite.</exception>
    public double Minimum { get; init => field = Require.NonNegative(value, "min"); }

    /// <summary>A reduction by no more than this is not made, at least 0; default 1e-8 (PyTorch).</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative or not finite.</exception>
    public double Epsilon { get; init => field = Require.NonNegative(value, "epsilon"); } = 1e-8;

    /// <summary>The current rates, one for each group.</summary>
    public IReadOnlyList<double> Rates => _rates;

    /// <summary>
    /// Everything that changes by an observation: best metric, counts and rates. The memory is live: loading it restores the schedule.
    /// </summary>
    public IReadOnlyList<StateField> State =>
    [
        StateField.Of<double>("plateau", new FieldSpec("best", ElementType.F64), _best),
        StateField.Of<long>("plateau", new FieldSpec("bad_count", ElementType.I64), _badCount),
        StateField.Of<long>("plateau", new FieldSpec("cooldown_count", ElementType.I64), _cooldownCount),
        StateField.Of<double>("plateau", new FieldSpec("rates", ElementType.F64, _rates.Length), _rates),
    ];

    /// <summary>Takes the next value of the metric, and lowers the rates if it is time to.</summary>
    /// <param name="metric">The metric, usually a validation loss.</param>
    /// <returns>True if a rate was lowered.</returns>
    public bool Observe(double metric)
    {
        if (IsImprovement(metric))
        {
            _best[0] = metric;
            _badCount[0] = 0;
        }
        else
        {
            _badCount[0]++;
        }

        if (_cooldownCount[0] > 0)
        {
            _cooldownCount[0]--;
            _badCount[0] = 0;
        }

        if (_badCount[0] <= Patience)
        {
            return false;
        }

        _cooldownCount[0] = Cooldown;
        _badCount[0] = 0;
        return Reduce();
    }

    private bool IsImprovement(double metric)
    {
        double best = _best[0];
        return Maximize
            ? metric > (Absolute ? best + Threshold : best * (1 + Threshold))
            : metric < (Absolute ? best - Threshold : best * (1 - Threshold));
    }

    private bool Reduce()
    {
        bool reduced = false;
        for (int group = 0; group < _rates.Length; group++)
        {
            double rate = Math.Max(_rates[group] * Factor, Minimum);
            if (_rates[group] - rate > Epsilon)
            {
                _rates[group] = rate;
                reduced = true;
            }
        }

        return reduced;
    }
}
