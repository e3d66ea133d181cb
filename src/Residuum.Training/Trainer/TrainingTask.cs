using Residuum.Training.Differentiation;
using Residuum.Training.Layers;

namespace Residuum.Training.Trainer;

/// <summary>A model with its data and its loss: what a run trains. One run per instance.</summary>
/// <remarks>A step's rows and what dropout drops are functions of the seed and the step, so a run resumes from the step alone.</remarks>
public abstract class TrainingTask
{
    /// <summary>The model: its parameters are trained, its buffers saved with them.</summary>
    public abstract Layer Model { get; }

    /// <summary>What an example is: <c>images</c>, <c>texts</c>, <c>bytes</c> or <c>tokens</c>.</summary>
    public abstract string ExampleUnit { get; }

    /// <summary>Examples in a row of a batch: 1, or the tokens of a text's window.</summary>
    public virtual int ExamplesPerRow => 1;

    /// <summary>Whether there is a part to validate on.</summary>
    public virtual bool HasValidation => true;

    /// <summary>Steps of an epoch.</summary>
    public abstract int StepsPerEpoch { get; }

    /// <summary>Rows of a step's batch; the last of an epoch may have fewer.</summary>
    /// <param name="step">The step, from 0.</param>
    public abstract int BatchRows(long step);

    /// <summary>The mean loss over some rows of a step's batch.</summary>
    /// <param name="tape">Where to compute it; a pass has begun.</param>
    /// <param name="step">The step, from 0.</param>
    /// <param name="start">The first row within the batch.</param>
    /// <param name="count">How many rows.</param>
    public abstract Tensor Loss(Tape tape, long step, int start, int count);

    /// <summary>Judges the model.</summary>
    /// <param name="tape">Where to compute.</param>
    /// <param name="part">On what; null if the task has no such part.</param>
    /// <param name="most">The most rows to look at: the first ones, or of a text windows that are spread evenly.</param>
    /// <param name="interrupted">Asks to stop.</param>
    /// <exception cref="OperationCanceledException">Somebody asked to stop.</exception>
    public abstract EvaluationResult? Evaluate(Tape tape, DataPart part, int most = int.MaxValue, CancellationToken interrupted = default);

    /// <summary>Sets all gradients to those of a step's mean loss.</summary>
    /// <remarks>
    /// Several ranks cut the batch between them. Each weighs its rows so that the mean over ranks is that of the whole batch, however many
    /// rows each has.
    /// </remarks>
    /// <param name="tape">Where to compute.</param>
    /// <param name="step">The step, from 0.</param>
    /// <param name="microBatches">Into how many parts the batch is cut, whose gradients add up to the same sums but for rounding.</param>
    /// <param name="rank">This process among the ranks, from 0.</param>
    /// <param name="ranks">How many ranks there are.</param>
    /// <returns>The mean loss; of several ranks, this rank's share of it.</returns>
    public double Differentiate(Tape tape, long step, int microBatches, int rank = 0, int ranks = 1)
    {
        ArgumentNullException.ThrowIfNull(tape);
        ArgumentOutOfRangeException.ThrowIfLessThan(microBatches, 1);
        Model.ResetGradients();
        int rows = BatchRows(step);
        int first = (int)((long)rows * rank / ranks);
        int own = (int)((long)rows * (rank + 1) / ranks) - first;
        int parts = Math.Min(microBatches, own);
        double mean = 0;
        for (int i = 0; i < microBatches; i++)
        {
            if (i < parts)
            {
                int start = first + (int)((long)own * i / parts);
                int end = first + (int)((long)own * (i + 1) / parts);
                float share = (float)((long)(end - start) * ranks) / rows;
                tape.Begin(step, training: true, (rank * microBatches) + i);
                Tensor loss = Loss(tape, step, start, end - start);
                mean += (double)share * loss.Values[0];
                tape.Backward(loss, share);
            }

            // Ranks with fewer rows than micro-batches end as many passes as the others.
            tape.Gradients?.EndPass();
        }

        return mean;
    }
}
