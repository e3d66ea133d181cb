namespace Residuum.Training.Trainer;

/// <summary>How a training run ended.</summary>
public enum RunOutcome
{
    /// <summary>All steps were taken.</summary>
    Finished,

    /// <summary>The loss was not finite, or far above its start for long.</summary>
    Diverged,

    /// <summary>Somebody asked to stop; the state is in the last checkpoint.</summary>
    Interrupted,
}
