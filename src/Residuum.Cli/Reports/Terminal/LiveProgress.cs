using Residuum.Training.Trainer;
using Spectre.Console;

namespace Residuum.Cli.Reports.Terminal;

/// <summary>Progress on a terminal: one line that is rewritten while a run goes, and one that stays when it has ended.</summary>
/// <param name="terminal">A terminal that understands cursor movements.</param>
internal sealed class LiveProgress(IAnsiConsole terminal) : IRunObserver
{
    private const string BackToStartOfLine = "\r\u001b[2K";
    private const int ShortestBar = 8;
    private const int LongestBar = 24;

    public void Started(RunPlan plan) => Rewrite(plan, plan.FirstStep, ProgressText.Announcement(plan));

    public void Logged(RunPlan plan, MetricPoint point) =>
        Rewrite(plan, point.Step, $"{plan.Optimizer} seed {plan.Seed}  {ProgressText.Status(plan, point)}");

    public void Ended(RunPlan plan, RunResult result)
    {
        Color color = result.Outcome == RunOutcome.Finished ? Color.Green : Color.Red;
        terminal.Write(new ControlCode(BackToStartOfLine));
        terminal.Write(new Text(ProgressText.Outcome(plan, result), new Style(plan.IsSearch ? Color.Grey : color)));
        terminal.WriteLine();
    }

    // A line longer than the terminal is wide would wrap, and the next rewriting would leave a part of it behind.
    private void Rewrite(RunPlan plan, long step, string line)
    {
        int room = Math.Max(1, terminal.Profile.Width - 1);
        int bar = Math.Min(LongestBar, room - line.Length - 1);
        string shown = bar >= ShortestBar ? $"{Bar(plan, step, bar)} {line}" : line.Length <= room ? line : line[..room];
        terminal.Write(new ControlCode(BackToStartOfLine));
        terminal.Write(new Text(shown));
    }

    private static string Bar(RunPlan plan, long step, int width)
    {
        int filled = plan.Steps == 0 ? width : (int)Math.Clamp(width * step / plan.Steps, 0, width);
        return new string('━', filled) + new string('┄', width - filled);
    }
}
