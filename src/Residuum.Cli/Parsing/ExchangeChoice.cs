using System.Globalization;
using Residuum.Distributed.Collectives;
using Residuum.Distributed.Exchange;
using Residuum.Distributed.Sharding;
using Residuum.Optimizers;
using Residuum.Training.Recipes;

namespace Residuum.Cli.Parsing;

/// <summary>How the gradients of several ranks travel, and the optimizer that steps on them.</summary>
/// <param name="Exchange">The exchange; null where none was asked for: the plain mean of several ranks.</param>
/// <param name="Optimizer">The optimizer.</param>
internal sealed record ExchangeChoice(ExchangeOptions? Exchange, OptimizerChoice Optimizer)
{
    private const string Plain = "none";

    // Whole gradients are EF-SGD without a compressor: nothing is left over.
    private static readonly EfSgdOptions PlainMean = new() { Compressor = Compressor.None };

    /// <summary>How gradients travel, whether or not somebody asked.</summary>
    public ExchangeOptions Travel => Exchange ?? PlainMean;

    /// <summary>
    /// Reads <c>--optimizers</c> and <c>--exchange</c>. An optimizer <c>efsgd</c>, <c>conef</c> or <c>iconef</c> means SGD after that
    /// exchange: its options are those of both. Every other optimizer goes with every exchange; of several, a choice's text names both.
    /// </summary>
    /// <param name="optimizers">The optimizers.</param>
    /// <param name="exchanges">The exchanges, with commas between, or null: the plain mean.</param>
    /// <param name="forAll">Options for every optimizer and exchange that has them; an entry's own brackets go before.</param>
    /// <exception cref="UsageException">
    /// An optimizer has its own exchange and <c>--exchange</c> names another, or an option is unknown.
    /// </exception>
    /// <exception cref="ArgumentException">A name is unknown, or an option of an exchange is out of its range.</exception>
    public static IReadOnlyList<ExchangeChoice> ListOf(
        IReadOnlyList<OptimizerEntry> optimizers, string? exchanges, IReadOnlyList<Setting> forAll)
    {
        IReadOnlyList<OptimizerEntry>? asked = exchanges is null ? null : OptimizerEntry.ParseList(exchanges);
        List<(ExchangeOptions? Exchange, OptimizerEntry Optimizer)> pairs = [];
        foreach (OptimizerEntry entry in optimizers)
        {
            if (ExchangeKind.Find(entry.Name) is { } preset)
            {
                if (asked is not null)
                {
                    throw new UsageException($"The optimizer {entry.Name} has its own exchange; give --exchange with another optimizer.");
                }

                ILookup<bool, Setting> split = entry.Options.ToLookup(
                    option => preset.OptionNames.Contains(option.Key, StringComparer.Ordinal));
                pairs.Add((Read(preset, split[true], forAll), new OptimizerEntry(entry.Text, "sgd", [.. split[false]])));
            }
            else if (asked is null)
            {
                pairs.Add((null, entry));
            }
            else
            {
                pairs.AddRange(asked.Select(exchange => (
                    (ExchangeOptions?)Read(exchange, forAll),
                    asked.Count == 1 ? entry : entry with { Text = $"{entry.Text} after {exchange.Text}" })));
            }
        }

        string[] ofExchanges =
        [
            .. pairs.SelectMany(pair => pair.Exchange?.Values ?? []).Select(option => option.Key).Distinct(StringComparer.Ordinal),
        ];
        IReadOnlyList<OptimizerChoice> choices = OptimizerChoices.Of([.. pairs.Select(pair => pair.Optimizer)], forAll, ofExchanges);
        return [.. pairs.Zip(choices, (pair, choice) => new ExchangeChoice(pair.Exchange, choice))];
    }

    /// <summary>Makes one rank's optimizer and exchange.</summary>
    /// <param name="collectives">The ranks.</param>
    /// <param name="shards">What is divided between the ranks, or null.</param>
    public RankOptimizerMaker Maker(ICollectives collectives, ShardStage? shards = null) => (parameters, defaults, rate, settings) =>
    {
        KeyValuePair<string, string> learningRate = new("learningRate", rate.ToString("R", CultureInfo.InvariantCulture));
        NamedGroup[] all = [new NamedGroup(parameters, [.. Optimizer.AllOptions(defaults), learningRate])];
        if (shards is { } stage)
        {
            ShardedOptimizer sharded = ShardedOptimizer.Create(OptimizerCatalog.Get(Optimizer.Method), all, collectives, settings, stage);
            return new RankOptimizer(sharded, new ShardedExchange(sharded, Travel));
        }

        if (Travel.Order == StepOrder.LocalStep && Optimizer.Method == "sgd")
        {
            ExchangedSgd local = ExchangedSgd.Create(all, Travel, collectives, settings);
            return new RankOptimizer(local.Optimizer, local.Exchange);
        }

        Optimizer optimizer = Optimizer.Create(parameters, defaults, rate, settings);
        return new RankOptimizer(optimizer, new GradientExchange(parameters, Travel, collectives, settings));
    };

    private static ExchangeOptions Read(OptimizerEntry entry, IReadOnlyList<Setting> forAll)
    {
        if (entry.Name != Plain)
        {
            return Read(ExchangeKind.Get(entry.Name), entry.Options, forAll);
        }

        return entry.Options.Count == 0
            ? PlainMean
            : throw new UsageException($"The exchange {Plain} sends whole gradients and has no options, but '{entry.Text}' gives some.");
    }

    private static ExchangeOptions Read(ExchangeKind kind, IEnumerable<Setting> options, IReadOnlyList<Setting> forAll)
    {
        Setting[] own = [.. options];
        IEnumerable<Setting> others = forAll.Where(setting =>
            kind.OptionNames.Contains(setting.Key, StringComparer.Ordinal) && own.All(option => option.Key != setting.Key));
        return kind.Read(own.Concat(others).Select(option => new KeyValuePair<string, string>(option.Key, option.Value)));
    }
}
