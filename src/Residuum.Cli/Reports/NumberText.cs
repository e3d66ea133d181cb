using System.Globalization;

namespace Residuum.Cli.Reports;

/// <summary>Measured numbers as people read them. Always a full stop, never the machine's own culture.</summary>
internal static class NumberText
{
    private static readonly CultureInfo Invariant = CultureInfo.InvariantCulture;

    /// <summary>
    /// A loss, a norm or another positive figure of no fixed size: four digits after the point, five significant from 10 up.
    /// </summary>
    public static string Loss(double value) => Words(value) ?? (Math.Abs(value) switch
    {
        < 10 => value.ToString("0.0000", Invariant),
        < 100_000 => value.ToString("G5", Invariant),
        _ => value.ToString("0.##E+0", Invariant),
    });

    /// <summary>A figure of any size: like a loss, but small ones keep three significant digits.</summary>
    public static string Figure(double value) => value is > 0 and < 0.01 ? Rate(value) : Loss(value);

    /// <summary>A share of 1 as per cent, without the sign.</summary>
    public static string Percent(double share) => Words(share) ?? (100 * share).ToString("0.00", Invariant);

    /// <summary>Milliseconds, three significant digits or more.</summary>
    public static string Milliseconds(double value) => Words(value) ?? (value switch
    {
        < 1 => value.ToString("0.000", Invariant),
        < 10 => value.ToString("0.00", Invariant),
        < 100 => value.ToString("0.0", Invariant),
        _ => value.ToString("#,0", Invariant),
    });

    /// <summary>A ratio, two digits after the point.</summary>
    public static string Ratio(double value) => Words(value) ?? value.ToString("0.00", Invariant);

    /// <summary>A count with grouped thousands.</summary>
    public static string Count(long value) => value.ToString("#,0", Invariant);

    /// <summary>Bytes in the unit that fits; 1 kB is 1000 bytes.</summary>
    public static string Bytes(double bytes) => bytes switch
    {
        < 999.5 => bytes.ToString("0", Invariant) + " B",
        < 999.5e3 => (bytes / 1e3).ToString("G3", Invariant) + " kB",
        < 999.5e6 => (bytes / 1e6).ToString("G3", Invariant) + " MB",
        < 999.5e9 => (bytes / 1e9).ToString("G3", Invariant) + " GB",
        _ => (bytes / 1e12).ToString("#,0.#", Invariant) + " TB",
    };

    /// <summary>A learning rate as one would type it: 0.001, 3e-4.</summary>
    public static string Rate(double rate)
    {
        if (rate is 0 or >= 0.001 and < 1000)
        {
            return rate.ToString("G3", Invariant);
        }

        string text = rate.ToString("0.##E+0", Invariant);
        return text.Replace("E+", "e", StringComparison.Ordinal).Replace('E', 'e');
    }

    /// <summary>A span of time: 0:07, 3:25, 1:02:09.</summary>
    public static string Duration(double seconds)
    {
        if (!double.IsFinite(seconds))
        {
            return "?";
        }

        TimeSpan span = TimeSpan.FromSeconds(Math.Round(Math.Min(seconds, 1e9)));
        return span.TotalHours >= 1
            ? string.Create(Invariant, $"{(long)span.TotalHours}:{span.Minutes:00}:{span.Seconds:00}")
            : string.Create(Invariant, $"{span.Minutes}:{span.Seconds:00}");
    }

    private static string? Words(double value) =>
        double.IsNaN(value) ? "NaN" : double.IsInfinity(value) ? (value > 0 ? "infinite" : "-infinite") : null;
}
