using System.CommandLine;
using Residuum.Cli.Json;
using Residuum.Cli.Parsing;
using Residuum.Cli.Reports;
using Residuum.Cli.Reports.Terminal;
using Residuum.Distributed.Sharding;
using Residuum.State;
using Residuum.Training.Layers;
using Residuum.Training.Recipes;
using Residuum.Training.Trainer;

namespace Residuum.Cli.Verbs;

/// <summary><c>residuum train</c>: one recipe, one optimizer, with checkpoints.</summary>
internal sealed class TrainVerb
{
    private const string Automatic = "auto";
    private const string Checkpoints = "checkpoints";

    private readonly RunOptions _common = new();
    private readonly RankStart _ranks = new(
        "How the ranks' gradients travel: none, efsgd, conef or iconef, with [key=value;...] (default: none, whole gradients).");

    private readonly Option<string> _optimizer = new("--optimizer")
    {
        Description = "name or name[key=value;...].",
        HelpName = "a",
        DefaultValueFactory = _ => "microadam",
    };

    private readonly Option<int> _seed = new("--seed")
    {
        Description = "Seed of initial weights, order of the data and dropout.",
        HelpName = "N",
    };

    private readonly Option<string?> _init = new("--init")
    {
        Description = "Start from the weights in a safetensors file.",
        HelpName = "FILE",
    };

    private readonly Option<string[]> _map = new("--map")
    {
        Description = "With --init: a tensor's name in the file and its name here; a name that ends with a dot renames all that begin so.",
        HelpName = "from=to",
        DefaultValueFactory = _ => [],
    };

    private readonly Option<string?> _resume = new("--resume")
    {
        Description = "Continue from a checkpoint; auto: the newest whole one of --out, or the start if there is none.",
        HelpName = "auto|FILE",
    };

    private readonly Option<bool> _dryRun = new("--dry-run") { Description = "Print the plan and the memory, and train nothing." };

    private readonly Option<string?> _diagnose = new("--diagnose")
    {
        Description = "spectrum: at the end, how much of the gradients' second moment along each axis lies in few directions.",
        HelpName = "spectrum",
    };

    private readonly Option<ShardStage?> _shard = ShardOption.Create();

    private TrainVerb()
    {
    }

    /// <summary>The verb.</summary>
    public static Command Create()
    {
        TrainVerb train = new();
        Command verb = new("train", "Train one recipe with one optimizer, with checkpoints.");
        train._common.AddTo(verb);
        verb.Add(train._optimizer);
        verb.Add(train._seed);
        verb.Add(train._init);
        verb.Add(train._map);
        verb.Add(train._resume);
        verb.Add(train._dryRun);
        verb.Add(train._diagnose);
        verb.Add(train._shard);
        train._ranks.AddTo(verb);
        verb.SetAction((parse, interrupted) => Task.FromResult(train.Run(parse, interrupted)));
        return verb;
    }

    private int Run(ParseResult parse, CancellationToken interrupted)
    {
        RunRequest request = _common.Read(parse);
        OptimizerEntry entry = OptimizerEntry.Parse(parse.GetRequiredValue(_optimizer));
        IReadOnlyList<ExchangeChoice> choices = ExchangeChoice.ListOf([entry], parse.GetValue(_ranks.Exchange), request.OptimizerSettings);
        if (choices.Count > 1)
        {
            throw new UsageException($"--exchange lists {choices.Count} exchanges; train takes one, and compare several.");
        }

        if (parse.GetValue(_init) is null && parse.GetRequiredValue(_map).Length > 0)
        {
            throw new UsageException("--map renames the tensors of --init, which is missing.");
        }

        if (parse.GetValue(_diagnose) is not null && parse.GetValue(_shard) is { } divided and not ShardStage.State)
        {
            throw new UsageException(
                $"--diagnose needs whole gradients, which --shard {(int)divided} divides between the ranks; use --shard 1.");
        }

        ExchangeChoice exchange = choices[0];
        OptimizerChoice choice = exchange.Optimizer;
        if (parse.GetValue(_dryRun))
        {
            RunFactory planned = new(request.Recipe, request.Settings, request.DataFile, request.Threads, []);
            TrainingRun plan = planned.Create(choice, planned.DefaultRate(choice), parse.GetValue(_seed));
            DryRun.Print(parse.InvocationConfiguration.Output, plan, choice, request);
            if (exchange.Exchange is { } asked)
            {
                DryRun.Print(parse.InvocationConfiguration.Output, plan, asked, parse.GetValue(_ranks.Ranks) ?? 1);
            }

            if (parse.GetValue(_shard) is { } stage && parse.GetValue(_ranks.Ranks) is { } ranks)
            {
                DryRun.Print(parse.InvocationConfiguration.Output, plan, choice, request, stage, ranks);
            }

            return ExitCode.Fine;
        }

        // One folder for all ranks of this process, whatever the clock says when each begins.
        RunRequest inFolder = request with { Folder = request.Folder ?? RunSession.NewFolder(parse, request.Recipe.Name) };
        string? start = CheckpointToResume(parse, request);
        return _ranks.Run(
            parse,
            collectives => collectives is null
                ? Train(parse, inFolder, choice, start, null, isFirst: true, interrupted)
                : Train(
                    parse,
                    inFolder with { Threads = RankStart.ThreadsOfARank(request.Threads, collectives) },
                    choice,
                    start,
                    exchange.Maker(collectives, parse.GetValue(_shard)),
                    collectives.Rank == 0,
                    interrupted),
            alone: exchange.Exchange is not null,
            interrupted);
    }

    private int Train(
        ParseResult parse,
        RunRequest request,
        OptimizerChoice choice,
        string? start,
        RankOptimizerMaker? ranks,
        bool isFirst,
        CancellationToken interrupted)
    {
        string folder = request.Folder!;
        using RunSession? session = isFirst ? new RunSession(parse, folder, _ => folder) : null;
        RunFactory factory = new(request.Recipe, request.Settings, request.DataFile, request.Threads, session?.Observers ?? []);
        TrainingRun run = factory.Create(
            choice,
            factory.DefaultRate(choice),
            parse.GetValue(_seed),
            checkpointFolder: Path.Combine(folder, Checkpoints),
            ranks: ranks,
            initialize: parse.GetValue(_init) is string weights ? model => Load(weights, parse.GetRequiredValue(_map), model) : null);
        run.Spectra = !isFirst ? null : SpectrumTable.Watch(parse.GetValue(_diagnose), run.Model.Parameters, request.Threads);
        if (start is not null)
        {
            run.Resume(start);
        }

        // Two runs in one folder would leave it open which of their checkpoints is the newest.
        new CheckpointFolder(Path.Combine(folder, Checkpoints)).EnsureNothingAfter(run.Step);
        RunResult result = run.Run(interrupted);
        session?.Finish();
        if (isFirst && run.Spectra is not null)
        {
            PlainTable.Write(parse.InvocationConfiguration.Output, SpectrumTable.Of(run.Spectra.Report()));
        }

        if (isFirst && result.Outcome == RunOutcome.Interrupted)
        {
            parse.InvocationConfiguration.Output.WriteLine(
                $"saved after step {result.Steps}; the same command with --out {folder} --resume auto continues");
        }

        if (isFirst && request.JsonFile is string json)
        {
            JsonFile.Write(json, RunRow.Of(result), RunJson.Default.RunRow);
        }

        return result.Outcome switch
        {
            RunOutcome.Diverged => ExitCode.Diverged,
            RunOutcome.Interrupted => ExitCode.Interrupted,
            _ => ExitCode.Fine,
        };
    }

    private static void Load(string weights, string[] map, Layer model)
    {
        IEnumerable<Setting> pairs = map.Select(Setting.Parse);
        InitialWeights.Load(weights, model, [.. pairs.Select(pair => new KeyValuePair<string, string>(pair.Key, pair.Value))]);
    }

    private string? CheckpointToResume(ParseResult parse, RunRequest request)
    {
        string? resume = parse.GetValue(_resume);
        if (resume is not null && parse.GetValue(_init) is not null)
        {
            throw new UsageException("--resume and --init exclude each other: a checkpoint has its own weights.");
        }

        if (resume == Automatic && request.Folder is null)
        {
            throw new UsageException("--resume auto needs --out, the folder of the run to continue.");
        }

        CheckpointFolder? existing = request.Folder is null ? null : new CheckpointFolder(Path.Combine(request.Folder, Checkpoints));
        string? newest = existing?.FindNewest();
        if (resume is null && newest is not null)
        {
            throw new UsageException($"'{request.Folder}' holds a run already; continue it with --resume auto, or choose another folder.");
        }

        return resume == Automatic ? newest : resume;
    }
}
