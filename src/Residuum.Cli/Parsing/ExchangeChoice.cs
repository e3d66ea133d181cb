using System.Globalization;
using Residuum.Distributed.Collectives;
using Residuum.Distributed.Exchange;
using Residuum.Distributed.Sharding;
using Residuum.Optimizers;
using Residuum.Training.Recipes;

namespace Residuum.Cli.Parsing;

/// <summary>How the gradients of several ranks travel, and the optimizer that steps on them.</summary>
/// <param name="Exchange">The exchange.</param>
/// <param name="Optimizer">The optimizer's entry.</param>
internal sealed record ExchangeChoice(ExchangeOptions Exchange, OptimizerEntry Optimizer)
{
    private const string Plain = "efsgd[compressor=none]";

    /// <summary>
    /// Reads <c>--optimizer</c> and <c>--exchange</c>. An optimizer <c>efsgd</c>, <c>conef</c> or <c>iconef</c> means SGD after that exchange:
    /// its options are those of both.
    /// </summary>
    /// <param name="optimizer">The optimizer.</param>
    /// <param name="exchange">The exchange, or null: the plain mean.</param>
    /// <exception cref="UsageException">Both name an exchange.</exception>
    /// <exception cref="ArgumentException">An exchange or one of its options is unknown or out of its range.</exception>
    public static ExchangeChoice Of(OptimizerEntry optimizer, string? exchange)
    {
        if (ExchangeKind.Find(optimizer.Name) is not { } preset)
        {
            OptimizerEntry asked = OptimizerEntry.Parse(exchange ?? Plain);
            return new ExchangeChoice(ExchangeKind.Get(asked.Name).Read(Pairs(asked.Options)), optimizer);
        }

        if (exchange is not null)
        {
            throw new UsageException($"--optimizer {optimizer.Name} has its own exchange; give --exchange with another optimizer.");
        }

        ILookup<bool, Setting> split = optimizer.Options.ToLookup(option => preset.OptionNames.Contains(option.Key, StringComparer.Ordinal));
        return new ExchangeChoice(preset.Read(Pairs(split[true])), new OptimizerEntry(optimizer.Text, "sgd", [.. split[false]]));
    }

    /// <summary>Makes one rank's optimizer and exchange.</summary>
    /// <param name="choice">The optimizer, its options joined with those for all.</param>
    /// <param name="collectives">The ranks.</param>
    /// <param name="shards">Whether the optimizer's state is divided between the ranks.</param>
    public RankOptimizerMaker Maker(OptimizerChoice choice, ICollectives collectives, bool shards) => (parameters, defaults, rate, settings) =>
    {
        KeyValuePair<string, string> learningRate = new("learningRate", rate.ToString("R", CultureInfo.InvariantCulture));
        NamedGroup[] all = [new NamedGroup(parameters, [.. choice.AllOptions(defaults), learningRate])];
        if (shards)
        {
            ShardedOptimizer sharded = ShardedOptimizer.Create(OptimizerCatalog.Get(choice.Method), all, collectives, settings);
            GradientExchange gradients = new(parameters, Exchange, collectives, settings);
            return new RankOptimizer(sharded, new ShardedExchange(gradients, sharded));
        }

        if (Exchange is EfSgdOptions { Order: StepOrder.LocalStep } && choice.Method == "sgd")
        {
            ExchangedSgd local = ExchangedSgd.Create(all, Exchange, collectives, settings);
            return new RankOptimizer(local.Optimizer, local.Exchange);
        }

        Optimizer optimizer = choice.Create(parameters, defaults, rate, settings);
        return new RankOptimizer(optimizer, new GradientExchange(parameters, Exchange, collectives, settings));
    };

    private static IEnumerable<KeyValuePair<string, string>> Pairs(IEnumerable<Setting> options) =>
        options.Select(option => new KeyValuePair<string, string>(option.Key, option.Value));
}
