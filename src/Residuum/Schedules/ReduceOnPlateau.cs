using Residuum.State;

namespace Residuum.Schedules;

/// <summary>
/// Lowers the rates when a metric stops improving: after more than <see cref="PlateauSchedule.Patience"/> observations in a row without
/// improvement, rate = max(rate factor, minimum). What it remembers is in <see cref="State"/>, for checkpoints.
/// </summary>
public sealed class ReduceOnPlateau
{
    private readonly PlateauSchedule _settings;
    private readonly double[] _rates;
    private readonly double[] _best;
    private readonly long[] _badCount = new long[1];
    private readonly long[] _cooldownCount = new long[1];

    /// <summary>Starts at the given rates, one for each group.</summary>
    /// <param name="settings">What counts as an improvement, and what becomes of the rates.</param>
    /// <param name="rates">The base rates, at least one, each at least 0.</param>
    /// <exception cref="ArgumentException">There is no rate.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A rate is negative or not finite.</exception>
    public ReduceOnPlateau(PlateauSchedule settings, params ReadOnlySpan<double> rates)
    {
        _settings = Require.NotNull(settings);
        if (rates.IsEmpty)
        {
            throw new ArgumentException("At least one rate is needed.", nameof(rates));
        }

        foreach (double rate in rates)
        {
            Require.NonNegative(rate, nameof(rates));
        }

        _rates = rates.ToArray();
        _best = [settings.Maximize ? double.NegativeInfinity : double.PositiveInfinity];
    }

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

        if (_badCount[0] <= _settings.Patience)
        {
            return false;
        }

        _cooldownCount[0] = _settings.Cooldown;
        _badCount[0] = 0;
        return Reduce();
    }

    private bool IsImprovement(double metric)
    {
        double best = _best[0];
        double threshold = _settings.Threshold;
        return _settings.Maximize
            ? metric > (_settings.Absolute ? best + threshold : best * (1 + threshold))
            : metric < (_settings.Absolute ? best - threshold : best * (1 - threshold));
    }

    private bool Reduce()
    {
        bool reduced = false;
        for (int group = 0; group < _rates.Length; group++)
        {
            double rate = Math.Max(_rates[group] * _settings.Factor, _settings.Minimum);
            if (_rates[group] - rate > _settings.Epsilon)
            {
                _rates[group] = rate;
                reduced = true;
            }
        }

        return reduced;
    }
}
