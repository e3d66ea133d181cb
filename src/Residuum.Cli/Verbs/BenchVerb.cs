using System.CommandLine;
using System.Globalization;
using Residuum.Cli.Bench;
using Residuum.Cli.Json;
using Residuum.Cli.Parsing;
using Residuum.Numerics;
using Residuum.Optimizers;
using Residuum.Training.Logging;
using Residuum.Training.Recipes;

namespace Residuum.Cli.Verbs;

/// <summary><c>residuum bench</c>: what a step costs, against this machine's memory and against AdamW.</summary>
internal sealed class BenchVerb
{
    private const int DefaultParameters = 25_000_000;

    private readonly Option<string> _optimizers = new("--optimizers")
    {
        Description = "Entries name or name[key=value;...], with commas between; AdamW is measured besides.",
        HelpName = "a,b,c",
        DefaultValueFactory = _ => "sgd,adamw,microadam",
    };

    private readonly Option<int?> _parameters = new("--parameters")
    {
        Description = $"Parameters in all (default {DefaultParameters}).",
        HelpName = "N",
    };

    private readonly Option<string?> _shapes = new("--shapes")
    {
        Description = "A file with a line 'name rows columns ...' per tensor.",
        HelpName = "FILE",
    };

    private readonly Option<int?> _oneTensor = new("--one-tensor") { Description = "One tensor of so many parameters.", HelpName = "N" };

    private readonly Option<string?> _recorded = new("--gradients")
    {
        Description = "The tensors of a recipe, with gradients recorded from its training, instead of random ones.",
        HelpName = "RECIPE",
    };

    private readonly Option<int> _threads = new("--threads")
    {
        Description = "Threads of a step.",
        HelpName = "N",
        DefaultValueFactory = _ => Environment.ProcessorCount,
    };

    private readonly Option<string[]> _set = new("--set")
    {
        Description = "optimizer.KEY=VALUE for every listed optimizer that has KEY, or a setting of the recipe.",
        HelpName = "key=value",
        DefaultValueFactory = _ => [],
    };

    private readonly Option<string> _guard = new("--guard")
    {
        Description = "With the guard against NaN: on, off or both.",
        HelpName = "on|off|both",
        DefaultValueFactory = _ => "both",
    };

    private readonly Option<bool> _gemm = new("--gemm")
    {
        Description = "Measure matrix products too, beside OpenBLAS where the system and its Python have it.",
    };

    private readonly Option<string?> _train = new("--train")
    {
        Description = "Measure whole training steps of a recipe with AdamW; optimizers by themselves then only if listed.",
        HelpName = "RECIPE",
    };

    private readonly Option<string?> _torch = new("--torch")
    {
        Description = "Measure PyTorch too, in the interpreter named or the first found that has it.",
        HelpName = "PYTHON",
        Arity = ArgumentArity.ZeroOrOne,
    };

    private readonly Option<string?> _json = new("--json") { Description = "Write the results as JSON.", HelpName = "FILE" };

    /// <summary>The verb.</summary>
    public static Command Create()
    {
        BenchVerb bench = new();
        Command verb = new("bench", "Measure optimizer steps against memory bandwidth and AdamW.")
        {
            bench._optimizers,
            bench._parameters,
            bench._shapes,
            bench._oneTensor,
            bench._recorded,
            bench._threads,
            bench._set,
            bench._guard,
            bench._gemm,
            bench._train,
            bench._torch,
            bench._json,
        };
        verb.SetAction(parse => bench.Run(parse));
        return verb;
    }

    private int Run(ParseResult parse)
    {
        TextWriter output = parse.InvocationConfiguration.Output;
        int threads = parse.GetRequiredValue(_threads);
        if (threads < 1)
        {
            throw new UsageException($"--threads is {threads}; it must be at least 1.");
        }

        IReadOnlyList<bool> guards = parse.GetRequiredValue(_guard) switch
        {
            "on" => [true],
            "off" => [false],
            "both" => [false, true],
            string word => throw new UsageException($"--guard is '{word}'; it must be on, off or both."),
        };
        Recipe? trained = parse.GetValue(_train) is string name ? RecipeCatalog.Get(name) : null;
        Recipe? recorded = parse.GetValue(_recorded) is string other ? RecipeCatalog.Get(other) : null;
        bool[] given = [
            parse.GetValue(_parameters) is not null,
            parse.GetValue(_shapes) is not null,
            parse.GetValue(_oneTensor) is not null,
            recorded is not null,
        ];
        if (given.Count(isGiven => isGiven) > 1)
        {
            throw new UsageException("--parameters, --shapes, --one-tensor and --gradients exclude each other.");
        }

        if (trained is not null && recorded is not null)
        {
            throw new UsageException("--train and --gradients exclude each other: --set would mean both recipes.");
        }

        (IReadOnlyList<Setting> forOptimizers, RecipeSettings? settings) = Settings(parse, trained ?? recorded);
        bool hasSteps = trained is null || parse.GetResult(_optimizers) is { Implicit: false };
        IReadOnlyList<OptimizerChoice> choices = OptimizerChoices.Of(
            OptimizerEntry.ParseList(parse.GetRequiredValue(_optimizers)), forOptimizers);
        using RecordedGradients? gradients = recorded is null ? null : RecordedGradients.Of(recorded, settings!, threads);
        IReadOnlyList<ShapedParameter> shapes = Shapes(parse, gradients, hasSteps ? output : TextWriter.Null);
        long total = shapes.Sum(shape => (long)shape.Length);
        if (total < 1 || total > Array.MaxLength)
        {
            throw new UsageException(Invariant($"The shapes have {total} parameters; a step is measured on 1 to {Array.MaxLength}."));
        }

        MachineDescription machine = MachineDescription.Current();
        output.WriteLine(machine);
        Python? python = parse.GetResult(_torch) is null ? null : Python.WithTorch(parse.GetValue(_torch) ?? "");

        // First, so that the peak of memory is the training's.
        IReadOnlyList<TrainResult>? train = trained is null ? null : TrainBench.Run(trained, settings!, threads, python);
        foreach (TrainResult row in train ?? [])
        {
            string engine = row.Allocator is null ? row.Engine : $"{row.Engine}, {row.Allocator}";
            output.WriteLine(
                Invariant($"{row.Recipe}, {row.Parameters} parameters, batch {row.Batch}, {row.Threads} threads, {engine}: ")
                + Invariant($"{row.MsPerStep.Median:F2} ms a step (min {row.MsPerStep.Min:F2}), at most ")
                + Invariant($"{row.PeakResidentBytes / 1e6:F0} MB; residuum's time by this {row.ResiduumByThis.Median:F2}"));
        }

        Bandwidth bandwidth = Bandwidth.Measure(DefaultParameters, threads);
        output.WriteLine(
            Invariant($"memory, {threads} threads: copy {bandwidth.CopyGBs:F1} GB/s, read {bandwidth.ReadGBs:F1}, update in place ")
            + Invariant($"{bandwidth.UpdateGBs:F1}"));
        double peak = FmaPeak.Measure(threads);
        output.WriteLine(Invariant($"fused multiply-add peak: {peak:F0} GFLOP/s; matrix kernel {MatrixProduct.KernelName}"));

        IReadOnlyList<StepResult> results = [];
        if (hasSteps)
        {
            StepBench steps = new(
                shapes, WithBaseline(choices), guards, threads, gradients is null ? new NormalGradients((int)total) : gradients);
            results = [.. steps.Run().Select(result => Rated(result, bandwidth))];
            output.WriteLine();
            output.WriteLine(
                "optimizer                guard   ns/parameter (min)      mean   ratio to adamw   bytes moved   of bandwidth   "
                    + "state bytes   allocated");
        }

        foreach (StepResult row in results)
        {
            output.WriteLine(
                Invariant($"{row.Optimizer,-24} {(row.Guard ? "on" : "off"),-5}   ")
                + Invariant($"{row.NsPerParameter.Median,7:F3} ({row.NsPerParameter.Min:F3})   ")
                + Invariant($"{row.MeanNsPerParameter,7:F3}   {row.RatioToAdamW.Median,14:F3}   {row.BytesMovedPerParameter,11:F2}   ")
                + Invariant($"{row.FractionOfBandwidth,12:P1}   {row.StateBytesPerParameter,11:F3}   {row.AllocatedBytesPerStep,9}"));
        }

        IReadOnlyList<GemmResult>? gemm = parse.GetValue(_gemm) ? GemmBench.Run(threads, peak) : null;
        foreach (GemmResult row in gemm ?? [])
        {
            string openBlas = row.OpenBlasGflops is null
                ? ""
                : Invariant($"; OpenBLAS ({row.OpenBlasKernel}) {row.OpenBlasGflops.Median:F0}, ratio {row.RatioToOpenBlas!.Median:F2}");
            output.WriteLine(
                Invariant($"product {row.M} x {row.K} by {row.K} x {row.N}: {row.Gflops.Median:F0} GFLOP/s, ")
                + Invariant($"{row.FractionOfPeak:P0} of the peak{openBlas}"));
        }

        IReadOnlyList<TorchResult>? torch = python is null || !hasSteps ? null : TorchBench.Run(python, shapes, threads);
        foreach (TorchResult row in torch ?? [])
        {
            output.WriteLine(
                Invariant($"{row.Optimizer} {row.Version}, {row.Allocator}: {row.NsPerParameter.Median:F3} ns/parameter (min ")
                + Invariant($"{row.NsPerParameter.Min:F3})"));
        }

        if (parse.GetValue(_json) is string json)
        {
            JsonFile.Write(
                json,
                new BenchReport(machine, bandwidth, peak, recorded?.Name, results, torch, gemm, train),
                BenchJson.Default.BenchReport);
        }

        return ExitCode.Fine;
    }

    private (IReadOnlyList<Setting> ForOptimizers, RecipeSettings? OfRecipe) Settings(ParseResult parse, Recipe? recipe)
    {
        string[] texts = parse.GetRequiredValue(_set);
        if (recipe is null)
        {
            return (Setting.ForOptimizers(texts), null);
        }

        RecipeSettings settings = recipe.DefaultSettings();
        List<Setting> forOptimizers = [];
        foreach (Setting setting in texts.Select(Setting.Parse))
        {
            if (setting.ForOptimizer() is { } option)
            {
                forOptimizers.Add(option);
            }
            else
            {
                settings.Set(setting.Key, setting.Value);
            }
        }

        return (forOptimizers, settings);
    }

    // AdamW at its defaults is what ratios refer to, listed or not.
    private static IReadOnlyList<OptimizerChoice> WithBaseline(IReadOnlyList<OptimizerChoice> choices)
    {
        OptimizerChoice baseline = choices.FirstOrDefault(choice => choice.Text == "adamw") ?? new OptimizerChoice("adamw", "adamw", []);
        return [baseline, .. choices.Where(choice => choice != baseline)];
    }

    private static StepResult Rated(StepResult row, Bandwidth bandwidth) =>
        row with { FractionOfBandwidth = row.BytesMovedPerParameter / row.NsPerParameter.Median / bandwidth.UpdateGBs };

    private IReadOnlyList<ShapedParameter> Shapes(ParseResult parse, RecordedGradients? gradients, TextWriter output)
    {
        string? file = parse.GetValue(_shapes);
        int? one = parse.GetValue(_oneTensor);
        if (gradients is not null)
        {
            IReadOnlyList<ShapedParameter> recorded = gradients.Shapes;
            output.WriteLine(
                Invariant($"gradients of {parse.GetValue(_recorded)} in training: {recorded.Count} tensors, ")
                + Invariant($"{recorded.Sum(shape => shape.Length)} parameters"));
            return recorded;
        }

        if (file is not null)
        {
            return ShapesFile.Read(file);
        }

        if (one is { } length)
        {
            output.WriteLine(Invariant($"one tensor of {length} parameters"));
            return [new ShapedParameter("w", [length])];
        }

        int total = parse.GetValue(_parameters) ?? DefaultParameters;
        const int Side = 512;
        int squares = Math.Min(95, total / (Side * Side));
        int rest = total - (squares * Side * Side);
        output.WriteLine(Invariant($"{squares} tensors of {Side} x {Side} and one of {rest}"));
        IEnumerable<ShapedParameter> shapes = Enumerable.Range(0, squares).Select(
            i => new ShapedParameter(Invariant($"w{i}"), [Side, Side]));
        return rest > 0 ? [.. shapes, new ShapedParameter("rest", [rest])] : [.. shapes];
    }

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
