using Residuum.State;

namespace Residuum.Training.Trainer;

/// <summary>What the training loop itself remembers from step to step, saved with the model and the optimizer.</summary>
internal sealed class RunCounters
{
    private readonly long[] _counts = new long[5];
    private readonly double[] _sums = new double[7];

    public RunCounters()
    {
        State =
        [
            StateField.Of("trainer", new FieldSpec("counts", ElementType.I64, _counts.Length), _counts.AsMemory()),
            StateField.Of("trainer", new FieldSpec("sums", ElementType.F64, _sums.Length), _sums.AsMemory()),
        ];
    }

    /// <summary>The fields of a checkpoint.</summary>
    public IReadOnlyList<StateField> State { get; }

    /// <summary>Updates done.</summary>
    public ref long Step => ref _counts[0];

    /// <summary>Examples seen.</summary>
    public ref long Examples => ref _counts[1];

    /// <summary>Steps that the guard skipped.</summary>
    public ref long Skipped => ref _counts[2];

    /// <summary>For how many steps in a row the loss has been far above the start.</summary>
    public ref long StepsFarAbove => ref _counts[3];

    /// <summary>The step of the last logged point.</summary>
    public ref long PointStep => ref _counts[4];

    /// <summary>The loss of the first step.</summary>
    public ref double FirstLoss => ref _sums[0];

    /// <summary>The sum of the losses of the last tenth of the steps, as far as done.</summary>
    public ref double LastLosses => ref _sums[1];

    /// <summary>The sum of the losses since the last logged point.</summary>
    public ref double LossesSincePoint => ref _sums[2];

    /// <summary>Seconds of training.</summary>
    public ref double Seconds => ref _sums[3];

    /// <summary>Of these, in the optimizer's step.</summary>
    public ref double OptimizerSeconds => ref _sums[4];

    /// <summary><see cref="Seconds"/> at the last logged point.</summary>
    public ref double PointSeconds => ref _sums[5];

    /// <summary><see cref="OptimizerSeconds"/> at the last logged point.</summary>
    public ref double PointOptimizerSeconds => ref _sums[6];
}
