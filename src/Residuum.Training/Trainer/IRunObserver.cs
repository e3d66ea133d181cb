namespace Residuum.Training.Trainer;

/// <summary>Watches training runs: a progress display, a log, event files.</summary>
public interface IRunObserver
{
    /// <summary>A run begins.</summary>
    /// <param name="plan">What it will do.</param>
    void Started(RunPlan plan);

    /// <summary>A logging interval has passed, or a step was evaluated.</summary>
    /// <param name="plan">The run, as given to <see cref="Started"/>.</param>
    /// <param name="point">What was measured.</param>
    void Logged(RunPlan plan, MetricPoint point);

    /// <summary>A run has ended.</summary>
    /// <param name="plan">The run, as given to <see cref="Started"/>.</param>
    /// <param name="result">How it went.</param>
    void Ended(RunPlan plan, RunResult result);
}
