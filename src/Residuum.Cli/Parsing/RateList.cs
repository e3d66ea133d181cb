using System.Globalization;

namespace Residuum.Cli.Parsing;

/// <summary>The learning rates of <c>--rates</c>.</summary>
internal static class RateList
{
    /// <summary>Parses rates with commas between.</summary>
    /// <param name="text">For example <c>1e-3,3e-3,1e-2</c>.</param>
    /// <exception cref="UsageException">A rate is not a number greater than 0, or occurs twice.</exception>
    public static IReadOnlyList<double> Parse(string text)
    {
        List<double> rates = [];
        foreach (string part in text.Split(',', StringSplitOptions.TrimEntries))
        {
            bool isNumber = double.TryParse(part, NumberStyles.Float, CultureInfo.InvariantCulture, out double rate);
            if (!isNumber || !double.IsFinite(rate) || rate <= 0)
            {
                throw new UsageException($"'{part}' in --rates {text} is no learning rate; write numbers above 0 with commas between.");
            }

            if (rates.Contains(rate))
            {
                throw new UsageException($"--rates {text} lists {part} twice.");
            }

            rates.Add(rate);
        }

        return rates;
    }
}
