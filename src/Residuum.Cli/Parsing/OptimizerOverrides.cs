using Residuum.Optimizers;

namespace Residuum.Cli.Parsing;

/// <summary>Applies <c>--set optimizer.KEY=VALUE</c> to entries of <c>--optimizers</c>.</summary>
internal static class OptimizerOverrides
{
    private const string Prefix = "optimizer.";

    /// <summary>Whether a setting is meant for optimizers.</summary>
    public static bool IsMeant(Setting setting) => setting.Key.StartsWith(Prefix, StringComparison.Ordinal);

    /// <summary>The entries with the options added; each setting goes to every optimizer that has the key and does not set it itself.</summary>
    /// <param name="entries">The entries.</param>
    /// <param name="settings">The settings, all meant for optimizers.</param>
    /// <exception cref="UsageException">A setting is not meant for optimizers, or none of them has its key.</exception>
    /// <exception cref="UnknownNameException">An optimizer is not known.</exception>
    public static IReadOnlyList<OptimizerEntry> Apply(IReadOnlyList<OptimizerEntry> entries, IReadOnlyList<Setting> settings)
    {
        List<OptimizerEntry> result = [.. entries];
        foreach (Setting setting in settings)
        {
            if (!IsMeant(setting))
            {
                throw new UsageException($"The setting '{setting.Key}' is not known here; write optimizer.KEY=VALUE.");
            }

            string key = setting.Key[Prefix.Length..];
            bool isKnown = false;
            for (int i = 0; i < result.Count; i++)
            {
                OptimizerEntry entry = result[i];
                if (OptimizerCatalog.Get(entry.Name).OptionNames.Contains(key))
                {
                    isKnown = true;
                    result[i] = entry.Options.Any(option => option.Key == key)
                        ? entry
                        : entry with { Options = [.. entry.Options, new Setting(key, setting.Value)] };
                }
            }

            if (!isKnown)
            {
                throw new UsageException(NearestName.Explain(
                    "optimizer option", key, entries.SelectMany(entry => OptimizerCatalog.Get(entry.Name).OptionNames).Distinct()));
            }
        }

        return result;
    }
}
