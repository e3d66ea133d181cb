using System.Globalization;
using Residuum.Optimizers;
using Residuum.Training.Recipes;

namespace Residuum.Cli.Parsing;

/// <summary>Joins <c>--optimizers</c> and <c>--set optimizer.KEY=VALUE</c>.</summary>
internal static class OptimizerChoices
{
    private const string RateKey = "learningRate";

    /// <summary>Makes the choices; methods and keys are checked against the catalogue, values when the optimizer is made.</summary>
    /// <param name="entries">The entries.</param>
    /// <param name="forAll">Options for every listed optimizer that has them; an entry's own brackets go before.</param>
    /// <param name="elsewhere">Options that something else than an optimizer takes from <paramref name="forAll"/>.</param>
    /// <exception cref="ArgumentException">A method or an option is unknown.</exception>
    /// <exception cref="UsageException">No listed optimizer has one of the options, or a learning rate is not a number.</exception>
    public static IReadOnlyList<OptimizerChoice> Of(
        IReadOnlyList<OptimizerEntry> entries, IReadOnlyList<Setting> forAll, params IReadOnlyList<string> elsewhere)
    {
        OptimizerKind[] kinds = [.. entries.Select(entry => OptimizerCatalog.Get(entry.Name))];
        string[] known = [.. kinds.SelectMany(kind => kind.OptionNames).Concat(elsewhere).Distinct(StringComparer.Ordinal)];
        foreach (Setting setting in forAll)
        {
            if (!known.Contains(setting.Key, StringComparer.Ordinal))
            {
                throw new UsageException(NearestName.Explain("option of the listed optimizers", setting.Key, known));
            }
        }

        return [.. entries.Zip(kinds, (entry, kind) => Choose(entry, kind, forAll))];
    }

    private static OptimizerChoice Choose(OptimizerEntry entry, OptimizerKind kind, IReadOnlyList<Setting> forAll)
    {
        List<Setting> options = [.. entry.Options];
        options.AddRange(forAll.Where(setting =>
            kind.OptionNames.Contains(setting.Key, StringComparer.Ordinal) && entry.Options.All(own => own.Key != setting.Key)));
        double? rate = null;
        List<KeyValuePair<string, string>> others = [];
        foreach (Setting option in options)
        {
            if (!kind.OptionNames.Contains(option.Key, StringComparer.Ordinal))
            {
                throw new UsageException(NearestName.Explain($"option of {kind.Name}", option.Key, kind.OptionNames));
            }

            if (option.Key == RateKey)
            {
                rate = Rate(option.Value);
            }
            else
            {
                others.Add(new(option.Key, option.Value));
            }
        }

        return new OptimizerChoice(entry.Text, entry.Name, others, rate);
    }

    private static double Rate(string text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double rate) && double.IsFinite(rate) && rate > 0
            ? rate
            : throw new UsageException($"The option {RateKey} is '{text}'; it must be a number greater than 0.");
}
