using Residuum.Distributed.Collectives;
using Residuum.Optimizers;

namespace Residuum.Distributed.Exchange;

/// <summary>
/// SGD on exchanged gradients, or with exchanged updates: the methods <c>efsgd</c>, <c>conef</c> and <c>iconef</c> of one rank.
/// </summary>
public sealed class ExchangedSgd
{
    private ExchangedSgd(Optimizer optimizer, GradientExchange exchange)
    {
        Optimizer = optimizer;
        Exchange = exchange;
    }

    /// <summary>SGD; its groups hold learning rate, momentum and weight decay.</summary>
    public Optimizer Optimizer { get; }

    /// <summary>How gradients travel.</summary>
    public GradientExchange Exchange { get; }

    /// <summary>Makes one rank's optimizer and exchange.</summary>
    /// <param name="groups">The parameters with SGD's options; the same on all ranks.</param>
    /// <param name="options">How gradients travel.</param>
    /// <param name="collectives">The ranks.</param>
    /// <param name="settings">Threads, guard and clipping, which applies to the exchanged gradient; null for the defaults.</param>
    /// <exception cref="ArgumentException">An option is out of its range or would diverge.</exception>
    public static ExchangedSgd Create(
        IReadOnlyList<GroupOptions<SgdOptions>> groups, ExchangeOptions options, ICollectives collectives, StepSettings? settings = null)
    {
        ArgumentNullException.ThrowIfNull(groups);
        ArgumentNullException.ThrowIfNull(options);
        Parameter[] parameters = [.. groups.SelectMany(group => group.Parameters)];
        if (options.Order == StepOrder.AggregateThenOptimize)
        {
            return new ExchangedSgd(new Sgd(groups, settings), new GradientExchange(parameters, options, collectives, settings));
        }

        LocalStepSgd local = new(groups, settings);
        return new ExchangedSgd(
            local, new GradientExchange(parameters, options, collectives, settings, GradientExchange.DefaultCheckEvery, local));
    }

    /// <summary>Makes one rank's optimizer and exchange, SGD's options as text.</summary>
    /// <param name="groups">The parameters with SGD's options; the same on all ranks.</param>
    /// <param name="options">How gradients travel.</param>
    /// <param name="collectives">The ranks.</param>
    /// <param name="settings">Threads, guard and clipping; null for the defaults.</param>
    /// <exception cref="ArgumentException">An option is unknown, cannot be read, is out of its range or would diverge.</exception>
    public static ExchangedSgd Create(
        IReadOnlyList<NamedGroup> groups, ExchangeOptions options, ICollectives collectives, StepSettings? settings = null)
    {
        ArgumentNullException.ThrowIfNull(groups);
        ArgumentNullException.ThrowIfNull(options);
        IEnumerable<GroupOptions<SgdOptions>> read = groups.Select(group =>
            new GroupOptions<SgdOptions>(group.Parameters, SgdOptions.Table.Apply(options.Name, new SgdOptions(), group.Options)));
        return Create([.. read], options, collectives, settings);
    }

    /// <summary>Takes one step on all ranks.</summary>
    /// <returns>What happened.</returns>
    /// <exception cref="NonFiniteGradientException">A gradient of some rank holds NaN or infinity and the policy says to throw.</exception>
    public StepReport Step()
    {
        StepReport report = Exchange.BeforeStep();
        if (report.Applied)
        {
            report = Optimizer.Step();
            Exchange.AfterStep();
        }

        return report;
    }
}
