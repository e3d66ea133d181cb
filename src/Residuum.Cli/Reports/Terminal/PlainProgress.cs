using Residuum.Training.Trainer;

namespace Residuum.Cli.Reports.Terminal;

/// <summary>Progress as plain lines: each evaluation, and each tenth of a run.</summary>
/// <param name="output">Where the lines go.</param>
internal sealed class PlainProgress(TextWriter output) : IRunObserver
{
    private long _lastTenth;

    public void Started(RunPlan plan)
    {
        _lastTenth = TenthOf(plan, plan.FirstStep);
        output.WriteLine(ProgressText.Announcement(plan));
        output.Flush();
    }

    public void Logged(RunPlan plan, MetricPoint point)
    {
        long tenth = TenthOf(plan, point.Step);
        if (point.Validation is null && tenth == _lastTenth)
        {
            return;
        }

        _lastTenth = tenth;
        output.WriteLine("  step " + ProgressText.Status(plan, point));
        output.Flush();
    }

    public void Ended(RunPlan plan, RunResult result)
    {
        output.WriteLine(ProgressText.Outcome(plan, result));
        output.Flush();
    }

    private static long TenthOf(RunPlan plan, long step) => plan.Steps == 0 ? 0 : 10 * step / plan.Steps;
}
