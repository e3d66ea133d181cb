using System.CommandLine;
using System.Globalization;
using Residuum.Cli.Estimate;
using Residuum.Cli.Json;
using Residuum.Cli.Parsing;
using Residuum.Cli.Reports;
using Residuum.Cli.Reports.Terminal;
using Residuum.Distributed.Exchange;
using Residuum.Distributed.Sharding;
using Residuum.Optimizers;
using Residuum.State;
using Residuum.Training.Recipes;

namespace Residuum.Cli.Verbs;

/// <summary><c>residuum estimate</c>: the exact bytes of weights, gradients, state and scratch, from shapes and options alone.</summary>
internal sealed class EstimateVerb
{
    private const string ModelPrefix = "model.";

    private readonly Option<string> _optimizers = new("--optimizers")
    {
        Description = "Entries name or name[key=value;...], with commas between; efsgd, conef and iconef are SGD after that exchange.",
        HelpName = "a,b",
        DefaultValueFactory = _ => string.Join(',', OptimizerCatalog.Kinds.Select(kind => kind.Name)),
    };

    private readonly Option<string?> _model = new("--model")
    {
        Description = $"A recipe's model, or one of {string.Join(", ", KnownModels.Names)}.",
        HelpName = "NAME",
    };

    private readonly Option<string?> _shapes = new("--shapes")
    {
        Description = "A file with a line 'name rows columns ...' per tensor.",
        HelpName = "FILE",
    };

    private readonly Option<string?> _checkpoint = new("--checkpoint")
    {
        Description = "The model in a checkpoint, or any safetensors file.",
        HelpName = "FILE",
    };

    private readonly Option<int> _threads = new Option<int>("--threads")
    {
        Description = "Threads of a step: scratch depends on it.",
        HelpName = "N",
        DefaultValueFactory = _ => Environment.ProcessorCount,
    }.AtLeastOne();

    private readonly Option<string[]> _set = new("--set")
    {
        Description = "optimizer.KEY=VALUE for every listed optimizer that has KEY.",
        HelpName = "key=value",
        DefaultValueFactory = _ => [],
    };

    private readonly Option<string?> _exchange = new("--exchange")
    {
        Description = "How gradients of several ranks travel: none, efsgd, conef, iconef, with [key=value;...] and commas between.",
        HelpName = "name",
    };

    private readonly Option<int> _ranks = new Option<int>("--ranks")
    {
        Description = "How many ranks; figures are those of one of them.",
        HelpName = "N",
        DefaultValueFactory = _ => 1,
    }.AtLeastOne();

    private readonly Option<ShardStage?> _shard = ShardOption.Create();
    private readonly Option<string?> _json = new("--json") { Description = "Write the results as JSON.", HelpName = "FILE" };

    private EstimateVerb()
    {
    }

    /// <summary>The verb.</summary>
    public static Command Create()
    {
        EstimateVerb estimate = new();
        Command verb = new("estimate", "Tell the exact memory of optimizers beforehand, allocating none of it.")
        {
            estimate._optimizers,
            estimate._model,
            estimate._shapes,
            estimate._checkpoint,
            estimate._threads,
            estimate._set,
            estimate._exchange,
            estimate._ranks, estimate._shard, estimate._json,
        };
        verb.SetAction(estimate.Run);
        return verb;
    }

    private int Run(ParseResult parse)
    {
        (string model, IReadOnlyList<ShapedParameter> shapes) = Shapes(parse);
        int threads = parse.GetRequiredValue(_threads);
        int ranks = parse.GetRequiredValue(_ranks);
        IReadOnlyList<ExchangeChoice> choices = ExchangeChoice.ListOf(
            OptimizerEntry.ParseList(parse.GetRequiredValue(_optimizers)),
            parse.GetValue(_exchange),
            Setting.ForOptimizers(parse.GetRequiredValue(_set)));
        long parameters = shapes.Sum(shape => (long)shape.Length);
        EstimateRow[] rows = [.. choices.Select(choice => Estimate(choice, shapes, parameters, threads, ranks, parse.GetValue(_shard)))];

        TextWriter output = parse.InvocationConfiguration.Output;
        output.WriteLine($"{model}: {Text(parameters)} parameters in {Text(shapes.Count)} tensors; bytes, {threads} threads");
        bool isExchanged = rows.Any(row => row.MessageBytes is not null);
        ResultsTable table = new(
            [
                new("optimizer", "", IsText: true),
                new("weights", ""),
                new("gradients", ""),
                new("state", ""),
                new("counters", ""),
                new("scratch", ""),
                new("step peak", ""),
                new("state per", "parameter"),
                .. isExchanged ? [new TableColumn("sent", "a step"), new TableColumn("whole", "gradient")] : (TableColumn[])[],
            ],
            [.. rows.Select(row => (IReadOnlyList<string>)
            [
                row.Optimizer,
                Text(row.Weights),
                Text(row.Gradients),
                Text(row.State),
                Text(row.Counters),
                Text(row.Scratch),
                Text(row.StepPeak),
                ((double)row.State / Math.Max(1, parameters)).ToString("F4", CultureInfo.InvariantCulture),
                .. isExchanged ? [Text(row.MessageBytes), Text(row.DenseMessageBytes)] : (string[])[],
            ])]);
        PlainTable.Write(output, table);

        if (parse.GetValue(_json) is string json)
        {
            JsonFile.Write(json, new EstimateReport(model, parameters, rows), EstimateJson.Default.EstimateReport);
        }

        return ExitCode.Fine;
    }

    private static EstimateRow Estimate(
        ExchangeChoice choice, IReadOnlyList<ShapedParameter> shapes, long parameters, int threads, int ranks, ShardStage? shards)
    {
        OptimizerKind kind = OptimizerCatalog.Get(choice.Optimizer.Method);
        ShapedGroup[] groups = [new(shapes, choice.Optimizer.Options)];
        MemoryPlan plan = shards is { } stage
            ? FullestRank.Plan(kind, groups, ranks, threads, stage)
            : kind.Plan(groups, threads);
        ExchangePlan? exchange = choice.Exchange is null && ranks == 1
            ? null
            : ExchangePlan.Of(choice.Travel, shapes, ranks, shards >= ShardStage.Gradients);
        PlannedField[] remembered = [.. exchange?.RankFields ?? [], .. exchange?.SharedFields ?? []];
        ILookup<string?, PlannedField> fields = plan.Fields.Concat(remembered).ToLookup(planned => planned.Owner);
        EstimateTensor[] tensors =
        [
            .. shapes.Select(shape => new EstimateTensor(
                shape.Name,
                shape.Shape,
                4L * shape.Length,
                fields[shape.Name].Where(planned => planned.Spec.IsOwnMemory).Sum(planned => planned.Spec.Bytes),
                fields[shape.Name]
                    .Where(planned => !planned.Spec.IsInGradient)
                    .ToDictionary(planned => planned.Spec.Name, planned => planned.Spec.Bytes, StringComparer.Ordinal))),
        ];
        long state = plan.StateBytes + remembered.Sum(planned => planned.Spec.Bytes);
        long weights = plan.ParameterBytes ?? (4 * parameters);
        long gradients = plan.GradientBytes ?? (4 * parameters);
        long scratch = plan.ScratchBytes + (exchange?.ScratchBytes ?? 0);
        long peak = weights + gradients + state + plan.CounterBytes + scratch;
        return new EstimateRow(choice.Optimizer.Text, weights, gradients, state, plan.CounterBytes, scratch, peak, tensors)
        {
            MessageBytes = exchange?.MessageBytes,
            DenseMessageBytes = exchange?.DenseBytes,
        };
    }

    private (string Model, IReadOnlyList<ShapedParameter> Shapes) Shapes(ParseResult parse)
    {
        string? model = parse.GetValue(_model);
        string? shapes = parse.GetValue(_shapes);
        string? checkpoint = parse.GetValue(_checkpoint);
        return (model, shapes, checkpoint) switch
        {
            (not null, null, null) => (model, KnownModels.Find(model) ?? OfRecipe(model)),
            (null, not null, null) => (Path.GetFileName(shapes), ShapesFile.Read(shapes)),
            (null, null, not null) => (Path.GetFileName(checkpoint), OfCheckpoint(checkpoint)),
            _ => throw new UsageException("Name one of --model, --shapes and --checkpoint."),
        };
    }

    private static IReadOnlyList<ShapedParameter> OfRecipe(string name)
    {
        Recipe recipe = RecipeCatalog.Recipes.FirstOrDefault(recipe => recipe.Name == name)
            ?? throw new UsageException(
                NearestName.Explain("model", name, [.. RecipeCatalog.Recipes.Select(recipe => recipe.Name), .. KnownModels.Names]));
        return [.. recipe.Load(recipe.DefaultSettings(), dataFile: null)(seed: 0, search: false).Model.Parameters.Select(
            parameter => new ShapedParameter(parameter.Name, parameter.Shape.ToArray()))];
    }

    // The model's tensors where the file is a checkpoint of ours, else all that hold floating-point numbers.
    private static IReadOnlyList<ShapedParameter> OfCheckpoint(string path)
    {
        using SafetensorsFile file = SafetensorsFile.Open(path);
        bool isOurs = file.Tensors.Any(tensor => tensor.Name.StartsWith(ModelPrefix, StringComparison.Ordinal));
        return
        [
            .. file.Tensors
                .Where(tensor => isOurs
                    ? tensor.Name.StartsWith(ModelPrefix, StringComparison.Ordinal)
                    : tensor.Type is ElementType.F32 or ElementType.F16 or ElementType.BF16 or ElementType.F64)
                .Select(tensor => new ShapedParameter(
                    isOurs ? tensor.Name[ModelPrefix.Length..] : tensor.Name,
                    [.. tensor.Shape.Select(dimension => Dimension(tensor, dimension))])),
        ];
    }

    private static int Dimension(TensorInfo tensor, long dimension) => dimension <= int.MaxValue
        ? (int)dimension
        : throw new UsageException($"Tensor '{tensor.Name}' of shape {tensor.ShapeText} has a dimension of more than {int.MaxValue}.");

    private static string Text(long? number) => number?.ToString("N0", CultureInfo.InvariantCulture) ?? "-";
}
