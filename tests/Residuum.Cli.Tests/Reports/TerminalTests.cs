using Residuum.Cli.Reports;
using Residuum.Cli.Reports.Terminal;
using Residuum.Training.Trainer;
using Spectre.Console;

namespace Residuum.Cli.Tests.Reports;

public sealed class TerminalTests
{
    [Fact]
    public void Redirected_table_is_aligned_plain_text()
    {
        using StringWriter output = new();
        new Screen(output, terminal: null).Print(SampleRuns.Comparison(1));

        string[] lines = output.ToString().Split(Environment.NewLine, StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal("optimizer   rate    loss        loss    loss         %    state   bytes         ms  × AdamW     ms", lines[^5]);
        Assert.Equal("sgd          0.1  0.5935      0.6435  0.7200     82.25      0 B    0.00      0.021     0.23   4.02", lines[^3]);
        Assert.Equal("adamw      0.001  0.2864      0.3364  0.4100     86.13  1.88 MB    8.00      0.093     1.00   4.09", lines[^2]);
        Assert.All(lines, line => Assert.DoesNotContain('\u001b', line));
    }

    [Fact]
    public void A_table_without_rows_has_its_headings()
    {
        string[] lines = [.. PlainTable.Lines(new ResultsTable([new("optimizer", "", IsText: true), new("train loss", "%")], []))];
        Assert.Equal(["           train", "            loss", "optimizer      %", "---------  -----"], lines);
    }

    [Fact]
    public void Several_seeds_show_mean_and_deviation_and_a_diverged_run_says_so()
    {
        using StringWriter output = new();
        RecordedRun diverged = SampleRuns.Run("microadam", 0.001, 3, 0.5, 0.005, 215_840, 0.1, RunOutcome.Diverged);
        new Screen(output, terminal: null).Print([.. SampleRuns.Comparison(3), diverged]);

        Assert.Contains(" ± ", output.ToString(), StringComparison.Ordinal);
        Assert.Contains("1 of 4 diverged", output.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Narrow_terminal_gets_the_table_without_details()
    {
        using StringWriter output = new();
        IAnsiConsole terminal = Terminal(output, width: 80);
        new Screen(output, terminal).Print(SampleRuns.Comparison(1));

        Assert.DoesNotContain("validation", output.ToString(), StringComparison.Ordinal);
        Assert.Contains("microadam", output.ToString(), StringComparison.Ordinal);
        Assert.Contains("0.92", output.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Plain_progress_has_a_line_for_start_end_each_tenth_and_each_evaluation()
    {
        using StringWriter output = new();
        Play(new Screen(output, terminal: null).Progress(), SampleRuns.Comparison(1)[2]);

        string[] lines = output.ToString().Split(Environment.NewLine, StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal("microadam rate 0.001 seed 0: 1,560 steps of 64 images, 235,146 weights, state 216 kB", lines[0]);
        Assert.StartsWith("microadam rate 0.001 seed 0: loss 0.3122  test 0.4200 (86.00 %)", lines[^1], StringComparison.Ordinal);
        Assert.InRange(lines.Length, 12, 16);
        Assert.All(lines[1..^1], line => Assert.Matches(@"step .* loss .* rate .* ms/step .* state .* left \d+:\d\d", line));
        Assert.All(lines, line => Assert.DoesNotContain('\u001b', line));
    }

    [Fact]
    public void Live_progress_keeps_to_one_line_of_the_terminal_and_leaves_one_line_per_run()
    {
        using StringWriter output = new();
        IAnsiConsole terminal = Terminal(output, width: 120);
        Play(new Screen(output, terminal).Progress(), SampleRuns.Comparison(1)[2]);

        string[] drawn = output.ToString().Split("\r\u001b[2K");
        Assert.All(drawn[..^1], line => Assert.InRange(line.Length, 0, 119));
        Assert.Single(output.ToString(), '\n');
    }

    [Fact]
    public void Options_in_brackets_are_not_taken_for_markup()
    {
        using StringWriter output = new();
        IAnsiConsole terminal = Terminal(output, width: 200);
        RecordedRun run = SampleRuns.Run("ldadam[red]", 0.1, 0, 0.5, 0.01, 8, 1);
        Play(new Screen(output, terminal).Progress(), run);
        new Screen(output, terminal).Print([run]);

        Assert.Contains("ldadam[red] rate 0.1", output.ToString(), StringComparison.Ordinal);
    }

    private static void Play(IRunObserver observer, RecordedRun run)
    {
        observer.Started(run.Plan);
        foreach (MetricPoint point in run.Result.History)
        {
            observer.Logged(run.Plan, point);
        }

        observer.Ended(run.Plan, run.Result);
    }

    private static IAnsiConsole Terminal(TextWriter output, int width)
    {
        IAnsiConsole terminal = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = AnsiSupport.Yes,
            ColorSystem = ColorSystemSupport.NoColors,
            Interactive = InteractionSupport.No,
            Out = new AnsiConsoleOutput(output),
        });
        terminal.Profile.Width = width;
        return terminal;
    }
}
