using System.CommandLine;
using System.Globalization;
using Residuum.Cli.Json;
using Residuum.Cli.Parsing;
using Residuum.Distributed.Collectives;
using Residuum.Training.Recipes;
using Residuum.Training.Trainer;

namespace Residuum.Cli.Verbs;

/// <summary><c>residuum compare</c>: one recipe, several optimizers, the same start.</summary>
internal sealed class CompareVerb
{
    private readonly RunOptions _common = new();
    private readonly RankStart _ranks = new(
        "How the ranks' gradients travel: none, efsgd, conef, iconef, with [key=value;...] and commas between; "
            + "each optimizer goes with each.");

    private readonly Option<string> _optimizers = new("--optimizers")
    {
        Description = "Entries name or name[key=value;...], with commas between.",
        HelpName = "a,b,c",
        DefaultValueFactory = _ => "sgd,adamw,microadam",
    };

    private readonly Option<string?> _rates = new("--rates")
    {
        Description = "Learning rates to search: each is run with the first seed, the best by validation loss is kept for all seeds.",
        HelpName = "x,y,z",
    };

    private readonly Option<int> _seeds = new Option<int>("--seeds")
    {
        Description = "How many seeds: 0, 1, ...",
        HelpName = "N",
        DefaultValueFactory = _ => 1,
    }.AtLeastOne();

    private CompareVerb()
    {
    }

    /// <summary>The verb.</summary>
    public static Command Create()
    {
        CompareVerb compare = new();
        Command verb = new("compare", "Train one recipe with several optimizers from the same start.");
        compare._common.AddTo(verb);
        verb.Add(compare._optimizers);
        verb.Add(compare._rates);
        verb.Add(compare._seeds);
        compare._ranks.AddTo(verb);
        verb.SetAction((parse, interrupted) => Task.FromResult(compare.Run(parse, interrupted)));
        return verb;
    }

    private int Run(ParseResult parse, CancellationToken interrupted)
    {
        RunRequest request = _common.Read(parse);
        IReadOnlyList<ExchangeChoice> choices = ExchangeChoice.ListOf(
            OptimizerEntry.ParseList(parse.GetRequiredValue(_optimizers)), parse.GetValue(_ranks.Exchange), request.OptimizerSettings);
        IReadOnlyList<double> rates = parse.GetValue(_rates) is string text ? RateList.Parse(text) : [];
        int seeds = parse.GetValue(_seeds);
        if (rates.Count > 0 && choices.FirstOrDefault(choice => choice.Optimizer.Rate is not null) is { } fixedRate)
        {
            throw new UsageException(
                $"'{fixedRate.Optimizer.Text}' has a learningRate, and --rates would search for one; use one of the two.");
        }

        return _ranks.Run(
            parse,
            collectives => Compare(parse, request, choices, rates, seeds, collectives, interrupted),
            alone: choices.Any(choice => choice.Exchange is not null),
            interrupted);
    }

    private static int Compare(
        ParseResult parse,
        RunRequest request,
        IReadOnlyList<ExchangeChoice> choices,
        IReadOnlyList<double> rates,
        int seeds,
        ICollectives? collectives,
        CancellationToken interrupted)
    {
        string folder = request.Folder ?? RunSession.NewFolder(parse, request.Recipe.Name);
        using RunSession? session = collectives is null or { Rank: 0 }
            ? new RunSession(parse, folder, plan => Path.Combine(folder, DirectoryName(plan)))
            : null;
        RunFactory factory = new(
            request.Recipe,
            request.Settings,
            request.DataFile,
            RankStart.ThreadsOfARank(request.Threads, collectives),
            session?.Observers ?? []);
        Dictionary<OptimizerChoice, RankOptimizerMaker>? ranks =
            collectives is null ? null : choices.ToDictionary(choice => choice.Optimizer, choice => choice.Maker(collectives));
        ComparisonResult comparison = Comparison.Run(
            factory, [.. choices.Select(choice => choice.Optimizer)], rates, seeds, interrupted, choice => ranks?[choice]);
        session?.Finish();
        if (session is not null && request.JsonFile is string json)
        {
            ComparisonAnswer answer = new(
                request.Recipe.Name,
                [.. comparison.Results.Select(RunRow.Of)],
                rates.Count == 0 ? null : [.. comparison.Search.Select(RunRow.Of)]);
            JsonFile.Write(json, answer, RunJson.Default.ComparisonAnswer);
        }

        return comparison.Interrupted ? ExitCode.Interrupted : ExitCode.Fine;
    }

    // Entries may hold characters that are awkward in file names.
    private static string DirectoryName(RunPlan plan)
    {
        string name = string.Concat(plan.Optimizer.Select(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '=' or '-' ? c : '_'));
        string rate = plan.Rate.ToString("R", CultureInfo.InvariantCulture);
        return $"{name}-rate{rate}-seed{plan.Seed}{(plan.IsSearch ? "-search" : "")}";
    }
}
