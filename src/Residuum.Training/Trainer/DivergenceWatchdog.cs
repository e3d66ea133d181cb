namespace Residuum.Training.Trainer;

/// <summary>Notices that a run has diverged: a loss that is not finite, or one far above the start for long.</summary>
internal static class DivergenceWatchdog
{
    /// <summary>How far is far: this many times the first step's loss.</summary>
    public const double Factor = 3;

    /// <summary>How long is long: this many steps in a row.</summary>
    public const int Patience = 50;

    /// <summary>Takes note of a step's loss.</summary>
    /// <param name="counters">The run's counters; the first loss and the length of the present streak are kept there.</param>
    /// <param name="loss">The step's loss.</param>
    /// <returns>Whether the run has diverged.</returns>
    public static bool Sees(RunCounters counters, double loss)
    {
        if (!double.IsFinite(loss))
        {
            return true;
        }

        if (counters.Step == 0)
        {
            counters.FirstLoss = loss;
        }

        counters.StepsFarAbove = loss > Factor * counters.FirstLoss ? counters.StepsFarAbove + 1 : 0;
        return counters.StepsFarAbove >= Patience;
    }
}
