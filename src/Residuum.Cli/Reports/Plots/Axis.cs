using System.Globalization;

namespace Residuum.Cli.Reports.Plots;

/// <summary>One axis of a plot: a range of values, linear or logarithmic, with ticks at round numbers.</summary>
internal sealed class Axis
{
    // Where a logarithmic axis may have ticks within a decade, from sparse to dense; the first list with enough ticks is taken.
    private static readonly double[][] Mantissas = [[1], [1, 3], [1, 2, 5], [1, 1.5, 2, 3, 5, 7]];

    private readonly double _low;
    private readonly double _high;

    private Axis(double low, double high, bool isLogarithmic, int tickCount)
    {
        _low = low;
        _high = high;
        IsLogarithmic = isLogarithmic;
        Ticks = isLogarithmic ? LogarithmicTicks(low, high, tickCount) : LinearTicks(low, high, tickCount);
    }

    /// <summary>Whether equal distances are equal ratios.</summary>
    public bool IsLogarithmic { get; }

    /// <summary>Round values within the range, in rising order.</summary>
    public IReadOnlyList<double> Ticks { get; }

    /// <summary>A linear axis.</summary>
    /// <param name="low">The smallest value.</param>
    /// <param name="high">The largest value; where it is not above <paramref name="low"/> the range is widened.</param>
    /// <param name="tickCount">About how many ticks.</param>
    public static Axis Linear(double low, double high, int tickCount)
    {
        if (!(high > low))
        {
            double room = Math.Max(Math.Abs(low), 1e-9) * 0.1;
            return new Axis(low - room, low + room, isLogarithmic: false, tickCount);
        }

        return new Axis(low, high, isLogarithmic: false, tickCount);
    }

    /// <summary>
    /// An axis for figures that fall over a run: logarithmic where they span a factor of four or more; a little room at both ends.
    /// </summary>
    /// <param name="low">The smallest value.</param>
    /// <param name="high">The largest value.</param>
    /// <param name="tickCount">About how many ticks.</param>
    public static Axis ForLoss(double low, double high, int tickCount)
    {
        if (low > 0 && high >= 4 * low)
        {
            double room = Math.Pow(high / low, 0.04);
            return new Axis(low / room, high * room, isLogarithmic: true, tickCount);
        }

        double margin = 0.05 * (high - low);
        return Linear(low - margin, high + margin, tickCount);
    }

    /// <summary>Where a value lies: 0 at the axis' low end, 1 at its high end.</summary>
    /// <param name="value">The value; beyond the range the result is beyond [0, 1].</param>
    public double Position(double value) => IsLogarithmic
        ? Math.Log(value / _low) / Math.Log(_high / _low)
        : (value - _low) / (_high - _low);

    /// <summary>A tick's label: as few digits as it needs, small ones as 2.5e-4.</summary>
    /// <param name="tick">One of <see cref="Ticks"/>.</param>
    public static string Label(double tick)
    {
        double size = Math.Abs(tick);
        string format = size is 0 or >= 0.01 and < 1e6 ? "#,0.######" : "0.##e+0";
        return tick.ToString(format, CultureInfo.InvariantCulture).Replace("e+", "e", StringComparison.Ordinal);
    }

    private static double[] LinearTicks(double low, double high, int tickCount)
    {
        double rough = (high - low) / Math.Max(1, tickCount);
        double decade = Math.Pow(10, Math.Floor(Math.Log10(rough)));
        double step = decade * (rough / decade) switch { <= 1 => 1, <= 2 => 2, <= 2.5 => 2.5, <= 5 => 5, _ => 10 };
        double slack = 1e-9 * step;
        long first = (long)Math.Ceiling((low - slack) / step);
        long last = (long)Math.Floor((high + slack) / step);

        double[] ticks = new double[Math.Max(0, last - first + 1)];
        for (int i = 0; i < ticks.Length; i++)
        {
            ticks[i] = (first + i) * step;
        }

        return ticks;
    }

    private static double[] LogarithmicTicks(double low, double high, int tickCount)
    {
        foreach (double[] mantissas in Mantissas)
        {
            double[] ticks = [.. DecadeTicks(low, high, mantissas)];
            if (ticks.Length >= tickCount - 1)
            {
                int every = (ticks.Length + tickCount + 1) / (tickCount + 2);
                return [.. ticks.Where((_, i) => i % every == 0)];
            }
        }

        return LinearTicks(low, high, tickCount);
    }

    private static IEnumerable<double> DecadeTicks(double low, double high, double[] mantissas)
    {
        for (int exponent = (int)Math.Floor(Math.Log10(low)); exponent <= (int)Math.Ceiling(Math.Log10(high)); exponent++)
        {
            foreach (double mantissa in mantissas)
            {
                double tick = mantissa * Math.Pow(10, exponent);
                if (tick >= low && tick <= high)
                {
                    yield return tick;
                }
            }
        }
    }
}
