using System.CommandLine;
using System.Globalization;
using Residuum.Cli.Reports;
using Residuum.Cli.Reports.Html;
using Residuum.Cli.Reports.Terminal;
using Residuum.Training.Logging;
using Residuum.Training.Trainer;

namespace Residuum.Cli.Verbs;

/// <summary>What surrounds the runs of one command: display, logs, and at the end the table and <c>report.html</c>.</summary>
internal sealed class RunSession : IRunObserver, IDisposable
{
    private readonly string[] _command;
    private readonly DateTimeOffset _started = TimeProvider.System.GetUtcNow();
    private readonly TextWriter _output;
    private readonly Screen _screen;
    private readonly RunLog _log;
    private readonly List<RecordedRun> _runs = [];

    /// <summary>Begins.</summary>
    /// <param name="parse">The command line.</param>
    /// <param name="folder">The folder for everything.</param>
    /// <param name="directoryOf">The folder of one run's logs.</param>
    public RunSession(ParseResult parse, string folder, Func<RunPlan, string> directoryOf)
    {
        _command = [.. parse.Tokens.Select(token => token.Value)];
        _output = parse.InvocationConfiguration.Output;
        _screen = Screen.For(_output);
        _log = new RunLog(directoryOf, _command);
        Folder = folder;
        Observers = [_screen.Progress(), _log, this];
    }

    /// <summary>The folder for everything.</summary>
    public string Folder { get; }

    /// <summary>Who watches the runs.</summary>
    public IReadOnlyList<IRunObserver> Observers { get; }

    /// <summary>A new folder's name for a command without <c>--out</c>.</summary>
    /// <param name="parse">The command line.</param>
    /// <param name="recipe">The recipe's name.</param>
    public static string NewFolder(ParseResult parse, string recipe)
    {
        string time = TimeProvider.System.GetUtcNow().ToString("yyyyMMdd-HHmmss", CultureInfo.InvariantCulture);
        return Path.Combine("runs", $"{time}-{parse.CommandResult.Command.Name}-{recipe}");
    }

    public void Started(RunPlan plan)
    {
    }

    public void Logged(RunPlan plan, MetricPoint point)
    {
    }

    public void Ended(RunPlan plan, RunResult result) => _runs.Add(new RecordedRun(plan, result));

    /// <summary>Prints the table and writes the report.</summary>
    public void Finish()
    {
        RecordedRun[] compared = [.. _runs.Where(run => !run.Plan.IsSearch)];
        if (compared.Length == 0)
        {
            return;
        }

        _output.WriteLine();
        _screen.Print(compared);
        string page = Path.Combine(Folder, "report.html");
        HtmlReport.Write(page, new RunReport
        {
            Command = _command,
            Started = _started,
            Runs = compared,
            Search = [.. _runs.Where(run => run.Plan.IsSearch)],
        });
        _output.WriteLine($"report: {page}");
    }

    public void Dispose() => _log.Dispose();
}
