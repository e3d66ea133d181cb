namespace Residuum.Cli.Reports;

/// <summary>The mean of a figure over the seeds, and its sample standard deviation where there are two or more.</summary>
internal readonly record struct Spread(double Mean, double? Deviation)
{
    /// <summary>What stands between mean and deviation.</summary>
    public const string Sign = " ± ";

    /// <summary>The spread of a figure; null if no run has it.</summary>
    public static Spread? Of(IEnumerable<double?> values)
    {
        double[] known = [.. values.OfType<double>()];
        if (known.Length == 0)
        {
            return null;
        }

        double mean = known.Average();
        double squares = known.Sum(value => (value - mean) * (value - mean));
        return new Spread(mean, known.Length == 1 ? null : Math.Sqrt(squares / (known.Length - 1)));
    }

    /// <summary>As text, for example <c>86.81 ± 0.12</c>.</summary>
    public string ToText(Func<double, string> format) =>
        Deviation is double deviation ? $"{format(Mean)}{Sign}{format(deviation)}" : format(Mean);
}
