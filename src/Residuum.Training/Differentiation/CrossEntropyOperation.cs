namespace Residuum.Training.Differentiation;

/// <summary>Softmax cross-entropy: the mean over the rows of <c>log Σⱼ exp(xⱼ) - x_label</c>, in nats.</summary>
/// <remarks>
/// Rows whose label is <see cref="Ignored"/> count neither in the sum nor in the mean. Backward:
/// <c>dx = (softmax(x) - onehot(label)) / rows counted</c>, 0 in ignored rows.
/// </remarks>
public sealed class CrossEntropyOperation : Operation
{
    /// <summary>The label of a row to leave out: -1.</summary>
    public const int Ignored = -1;

    private Tensor _logits = null!;
    private Tensor _logNormalizer = null!;
    private ReadOnlyMemory<int> _labels;
    private int _counted;

    /// <summary>Computes the mean loss, a tensor of one entry.</summary>
    /// <param name="tape">The tape.</param>
    /// <param name="logits">Unnormalised log-probabilities, shape [..., classes].</param>
    /// <param name="labels">The class of each row, or <see cref="Ignored"/>; must stay as it is until the backward pass is done.</param>
    /// <exception cref="ArgumentException">There are not as many labels as rows, a label is not a class, or all rows are
    /// ignored.</exception>
    public static Tensor Apply(Tape tape, Tensor logits, ReadOnlyMemory<int> labels)
    {
        ArgumentNullException.ThrowIfNull(tape);
        ArgumentNullException.ThrowIfNull(logits);
        int counted = CountAndCheck(logits, labels.Span);
        Tensor logNormalizer = tape.Result(requiresGradient: false, logits.Rows);
        using Scratch losses = tape.RentScratch(logits.Rows);
        using Scratch exponentials = tape.RentScratch(tape.Work.Threads * logits.Columns);
        tape.ForRows(new RowLosses(logits, labels, logNormalizer, losses.Memory, exponentials.Memory), logits.Rows, RowsPerChunk(logits));

        double sum = 0;
        foreach (float rowLoss in losses.Span)
        {
            sum += rowLoss;
        }

        Tensor loss = tape.Result(logits.RequiresGradient, []);
        loss.Values[0] = (float)(sum / counted);

        CrossEntropyOperation operation = tape.Rent<CrossEntropyOperation>();
        operation._logits = logits;
        operation._logNormalizer = logNormalizer;
        operation._labels = labels;
        operation._counted = counted;
        return tape.Record(operation, loss);
    }

    /// <inheritdoc/>
    public override void Backward(Tape tape)
    {
        bool accumulate = tape.PrepareGradient(_logits);
        float scale = Output.Gradient[0] / _counted;
        tape.ForRows(new RowGradients(_logits, _labels, _logNormalizer, scale, accumulate), _logits.Rows, RowsPerChunk(_logits));
    }

    private static int RowsPerChunk(Tensor logits) => 16_384 / logits.Columns;

    private static int CountAndCheck(Tensor logits, ReadOnlySpan<int> labels)
    {
        if (labels.Length != logits.Rows)
        {
            throw new ArgumentException(
                $"Logits of shape {TensorShape.Format(logits.Shape)} need {logits.Rows} labels, but got {labels.Length}.", nameof(labels));
        }

        int counted = 0;
        foreach (int label in labels)
        {
            if (label < Ignored || label >= logits.Columns)
            {
                throw new ArgumentException(
                    $"The label {label} is no class: it must be from 0 to {logits.Columns - 1}, or {Ignored} to ignore the row.",
                    nameof(labels));
            }

            counted += label == Ignored ? 0 : 1;
        }

        return counted > 0 ? counted : throw new ArgumentException(
            "Every row is ignored; a mean needs at least one label.", nameof(labels));
    }

    private readonly struct RowLosses(
        Tensor logits, ReadOnlyMemory<int> labels, Tensor logNormalizer, Memory<float> losses, Memory<float> scratch) : IRowKernel
    {
        public void Run(int first, int end, int worker)
        {
            int classes = logits.Columns;
            Span<float> exponentials = scratch.Span.Slice(worker * classes, classes);
            for (int row = first; row < end; row++)
            {
                ReadOnlySpan<float> x = logits.Values.Slice(row * classes, classes);
                int label = labels.Span[row];
                float log = SoftmaxRow.LogSumExp(x, exponentials);
                logNormalizer.Values[row] = log;
                losses.Span[row] = label == Ignored ? 0 : log - x[label];
            }
        }
    }

    private readonly struct RowGradients(
        Tensor logits, ReadOnlyMemory<int> labels, Tensor logNormalizer, float scale, bool accumulate) : IRowKernel
    {
        public void Run(int first, int end, int worker)
        {
            int classes = logits.Columns;
            for (int row = first; row < end; row++)
            {
                Span<float> dx = logits.Gradient.Slice(row * classes, classes);
                int label = labels.Span[row];
                if (label != Ignored)
                {
                    SoftmaxRow.AddScaled(logits.Values.Slice(row * classes, classes), logNormalizer.Values[row], scale, dx, accumulate);
                    dx[label] -= scale;
                }
                else if (!accumulate)
                {
                    dx.Clear();
                }
            }
        }
    }
}
