using Residuum.Schedules;

namespace Residuum.Training.Trainer;

/// <summary>How long a run trains, and what it does on the way.</summary>
public sealed record RunSettings
{
    /// <summary>Updates in all, at least 1.</summary>
    public required long Steps { get; init; }

    /// <summary>The learning rate as a function of the updates done.</summary>
    public required Schedule Schedule { get; init; }

    /// <summary>Into how many parts a batch is cut, whose gradients add up; default 1.</summary>
    public int MicroBatches { get; init; } = 1;

    /// <summary>Steps between two points of the curve, at least 1; default 10.</summary>
    public int LogEvery { get; init; } = 10;

    /// <summary>Steps between two evaluations on the validation part; default 0: only at the end.</summary>
    public int EvaluateEvery { get; init; }

    /// <summary>The most rows of the validation part that are looked at; the test part is always judged whole.</summary>
    public int EvaluateRows { get; init; } = int.MaxValue;

    /// <summary>Steps between two checkpoints, where there is a folder for them; default 0: only at the end and when interrupted.</summary>
    public int CheckpointEvery { get; init; }

    /// <summary>Steps between two lists of figures per parameter; default 0: never.</summary>
    public int DiagnoseEvery { get; init; }
}
