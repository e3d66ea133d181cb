using System.CommandLine;
using System.Globalization;
using Residuum.Cli.Json;
using Residuum.Cli.Parsing;
using Residuum.Cli.Reports;
using Residuum.Cli.Reports.Html;
using Residuum.Cli.Reports.Terminal;
using Residuum.Optimizers;
using Residuum.Training.Online;
using Residuum.Training.Recipes;

namespace Residuum.Cli.Verbs;

/// <summary><c>residuum online</c>: online convex optimization, one pass over a file in its order.</summary>
internal sealed class OnlineVerb
{
    private const double DefaultRate = 0.1;

    private readonly Argument<string> _file = new("file")
    {
        Description = "Rows in LIBSVM format, plain or gzip; or NAME-images-idx3-ubyte, images in IDX format "
            + "with their labels beside them.",
    };

    private readonly Option<string> _optimizers = new("--optimizers")
    {
        Description = "Entries name or name[key=value;...], with commas between.",
        HelpName = "a,b,c",
        DefaultValueFactory = _ => "ogd,adagrad,s-adagrad,rfd-son,fd-son,ada-fd",
    };

    private readonly Option<int?> _sketchSize = new("--sketch-size")
    {
        Description = "The option sketchSize of every listed method that has it.",
        HelpName = "N",
    };

    private readonly Option<bool> _grid = new("--grid")
    {
        Description = "The paper's 49 runs of every method: rates, or 7 rates by 7 deltas for ada-fd and fd-son, "
            + "log-spaced from 1e-6 to 1.",
    };

    private readonly Option<string?> _rates = new("--rates")
    {
        Description = "Learning rates to try; the best is shown.",
        HelpName = "x,y,z",
    };

    private readonly Option<long?> _rows = new Option<long?>("--rows")
    {
        Description = "Take only so many rows from the beginning.",
        HelpName = "N",
    }.AtLeastOne();

    private readonly Option<int> _threads = new Option<int>("--threads")
    {
        Description = "How many runs learn at once.",
        HelpName = "N",
        DefaultValueFactory = _ => Environment.ProcessorCount,
    }.AtLeastOne();

    private readonly Option<string?> _out = new("--out")
    {
        Description = "Write report.html with the curves into this folder.",
        HelpName = "DIR",
    };

    private readonly Option<string?> _json = new("--json") { Description = "Write the results as JSON.", HelpName = "FILE" };

    private OnlineVerb()
    {
    }

    /// <summary>The verb.</summary>
    public static Command Create()
    {
        OnlineVerb online = new();
        Command verb = new("online", "Learn a file row by row, one pass, by methods of online convex optimization.")
        {
            online._file,
            online._optimizers,
            online._sketchSize,
            online._grid,
            online._rates,
            online._rows,
            online._threads,
            online._out,
            online._json,
        };
        verb.SetAction((parse, interrupted) => Task.FromResult(online.Run(parse, interrupted)));
        return verb;
    }

    private int Run(ParseResult parse, CancellationToken interrupted)
    {
        IReadOnlyList<OptimizerChoice> choices = Choices(parse);
        bool grid = parse.GetValue(_grid);
        IReadOnlyList<double> rates = parse.GetValue(_rates) is string text ? RateList.Parse(text) : [];
        if (grid && rates.Count > 0)
        {
            throw new UsageException("--grid has rates of its own; use one of --grid and --rates.");
        }

        if ((grid || rates.Count > 0) && choices.FirstOrDefault(choice => choice.Rate is not null) is { } fixedRate)
        {
            throw new UsageException(
                $"'{fixedRate.Text}' has a learningRate, and --grid or --rates would search for one; use one of the two.");
        }

        int threads = parse.GetValue(_threads);
        string file = parse.GetRequiredValue(_file);
        OnlineData data = OnlineData.Open(file, parse.GetValue(_rows));
        TextWriter output = parse.InvocationConfiguration.Output;
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{file}: {data.Rows} rows, {data.Features} features and a constant"));
        List<OnlineResult> best = [];
        List<OnlineResult> all = [];
        foreach (OptimizerChoice choice in choices)
        {
            IReadOnlyList<(double Rate, double? Delta)> settings = grid
                ? OnlineGrid.Of(choice.Method)
                : rates.Count > 0 ? [.. rates.Select(rate => (rate, (double?)null))] : [(choice.Rate ?? DefaultRate, null)];
            IReadOnlyList<OnlineResult> results = OnlinePass.Run(data, choice, settings, threads, interrupted);
            all.AddRange(results);
            best.Add(results.OrderBy(result => result.Diverged ? double.PositiveInfinity : result.AverageLoss).First());
        }

        ResultsTable table = OnlineTable.Of(best, all);
        PlainTable.Write(output, table);

        if (parse.GetValue(_out) is string folder)
        {
            string page = Path.Combine(folder, "report.html");
            OnlineReport.Write(page, Path.GetFileName(file), table, best);
            output.WriteLine(page);
        }

        if (parse.GetValue(_json) is string json)
        {
            JsonFile.Write(json, OnlineAnswer.Of(file, data, best, all), OnlineJson.Default.OnlineAnswer);
        }

        return ExitCode.Fine;
    }

    private IReadOnlyList<OptimizerChoice> Choices(ParseResult parse)
    {
        List<Setting> forAll = [];
        if (parse.GetValue(_sketchSize) is int size)
        {
            forAll.Add(new Setting("sketchSize", size.ToString(CultureInfo.InvariantCulture)));
        }

        IReadOnlyList<OptimizerChoice> choices = OptimizerChoices.Of(OptimizerEntry.ParseList(parse.GetRequiredValue(_optimizers)), forAll);
        foreach (OptimizerChoice choice in choices)
        {
            // Values are checked before the file is read.
            OptimizerCatalog.Get(choice.Method).Describe(choice.Options);
        }

        return choices;
    }
}
