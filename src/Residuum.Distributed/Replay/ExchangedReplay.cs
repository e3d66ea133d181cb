using Residuum.Distributed.Collectives;
using Residuum.Distributed.Exchange;
using Residuum.Optimizers;
using Residuum.Replay;

namespace Residuum.Distributed.Replay;

/// <summary>Runs golden cases of all methods: those with workers as so many ranks.</summary>
public static class ExchangedReplay
{
    /// <summary>
    /// Replays one file, its workers as threads of this process. A case that cannot be read or run is a failure that says why.
    /// </summary>
    /// <param name="path">The JSON file.</param>
    /// <param name="settings">Threads and guard; null for the defaults.</param>
    /// <exception cref="IOException">The file cannot be opened.</exception>
    public static GoldenResult Replay(string path, StepSettings? settings = null) => GoldenReplay.Replay(path, golden =>
    {
        if (ExchangeKind.Find(golden.Method) is not { } kind)
        {
            return GoldenReplay.Replay(path, settings);
        }

        GoldenResult[] results = new GoldenResult[RanksOf(golden)];
        InProcessGroup.Run(results.Length, ranks => results[ranks.Rank] = Replay(path, golden, kind, ranks, settings));
        return Array.Find(results, result => !result.Ok) ?? results[0];
    });

    /// <summary>Replays one file on ranks that are there: as many as the case has workers.</summary>
    /// <param name="path">The JSON file.</param>
    /// <param name="ranks">The ranks; all call this.</param>
    /// <param name="settings">Threads and guard; null for the defaults.</param>
    /// <returns>How it went on this rank; a case of another method or number of workers is a failure that says so.</returns>
    /// <exception cref="IOException">The file cannot be opened.</exception>
    public static GoldenResult Replay(string path, ICollectives ranks, StepSettings? settings = null) => GoldenReplay.Replay(path, golden =>
    {
        if (ExchangeKind.Find(golden.Method) is not { } kind)
        {
            throw new FormatException($"The method '{golden.Method}' is not exchanged between workers; replay it without a launcher.");
        }

        int workers = RanksOf(golden);
        return workers == ranks.Size
            ? Replay(path, golden, kind, ranks, settings)
            : throw new FormatException($"The case has {workers} workers, but there are {ranks.Size} ranks.");
    });

    private static int RanksOf(GoldenCase golden) => golden.Workers is null or > 0
        ? golden.Workers ?? 1
        : throw new FormatException($"The case has {golden.Workers} workers; there must be at least 1.");

    // Options of SGD go to SGD, the others to the exchange.
    private static GoldenResult Replay(string path, GoldenCase golden, ExchangeKind kind, ICollectives ranks, StepSettings? settings)
    {
        ILookup<bool, KeyValuePair<string, string>> split = golden.Hyperparameters.ToLookup(
            option => kind.OptionNames.Contains(option.Key));
        Parameter[] parameters = GoldenReplay.Start(golden);
        List<NamedGroup> groups = GoldenReplay.Groups(golden, parameters, [.. split[false]]);
        ExchangedSgd method = ExchangedSgd.Create(groups, kind.Read(split[true]), ranks, settings ?? new StepSettings { Threads = 1 });
        return GoldenReplay.Follow(
            path, golden, ranks.Rank, parameters, method.Optimizer, () => method.Step(), method.Exchange.ClearError);
    }
}
