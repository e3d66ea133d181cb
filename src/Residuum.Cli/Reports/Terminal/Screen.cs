using Residuum.Training.Trainer;
using Spectre.Console;

namespace Residuum.Cli.Reports.Terminal;

/// <summary>Where progress and results are shown: a terminal that can move its cursor, or plain lines.</summary>
internal sealed class Screen
{
    private readonly TextWriter _output;
    private readonly IAnsiConsole? _terminal;

    /// <summary>Makes a screen.</summary>
    /// <param name="output">Where the command writes.</param>
    /// <param name="terminal">The terminal behind <paramref name="output"/>, or null for plain lines.</param>
    public Screen(TextWriter output, IAnsiConsole? terminal)
    {
        _output = output;
        _terminal = terminal;
    }

    /// <summary>
    /// The screen of an output: a terminal display only where the output is the console's own, not redirected, and understands cursor
    /// movements. Colours are left out when the environment variable NO_COLOR is set.
    /// </summary>
    public static Screen For(TextWriter output)
    {
        if (!ReferenceEquals(output, Console.Out) || Console.IsOutputRedirected)
        {
            return new Screen(output, null);
        }

        IAnsiConsole terminal = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(output) });
        return new Screen(output, terminal.Profile.Capabilities.Ansi ? terminal : null);
    }

    /// <summary>Shows runs as they go.</summary>
    public IRunObserver Progress() => _terminal is null ? new PlainProgress(_output) : new LiveProgress(_terminal);

    /// <summary>Shows the results of runs.</summary>
    public void Print(IEnumerable<RecordedRun> runs)
    {
        ResultsTable table = ResultsTable.Of(MethodSummary.Of(runs));
        if (_terminal is null)
        {
            PlainTable.Write(_output, table);

            return;
        }

        int width = PlainTable.Lines(table).Max(line => line.Length) + (3 * table.Columns.Count);
        _terminal.Write(Render(width <= _terminal.Profile.Width ? table : table.WithoutDetails()));
    }

    private static Table Render(ResultsTable results)
    {
        Table table = new() { Border = TableBorder.Rounded };
        foreach (TableColumn column in results.Columns)
        {
            Text heading = new(string.Join('\n', PlainTable.HeadingLines(column)), new Style(decoration: Decoration.Bold));
            Justify alignment = column.IsText ? Justify.Left : Justify.Right;
            table.AddColumn(new Spectre.Console.TableColumn(heading) { Alignment = alignment, NoWrap = true });
        }

        foreach (IReadOnlyList<string> row in results.Rows)
        {
            table.AddRow(row.Select(cell => new Text(cell)));
        }

        return table;
    }
}
