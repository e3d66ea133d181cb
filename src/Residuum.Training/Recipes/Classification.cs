using Residuum.Training.Data;
using Residuum.Training.Differentiation;
using Residuum.Training.Layers;
using Residuum.Training.Trainer;

namespace Residuum.Training.Recipes;

/// <summary>Classifies by softmax cross-entropy, in a new order of the rows every epoch.</summary>
/// <typeparam name="TSet">Rows with their labels.</typeparam>
internal abstract class Classification<TSet> : TrainingTask
    where TSet : class
{
    private readonly TSet _train;
    private readonly TSet? _validation;
    private readonly TSet _test;
    private readonly EpochBatches _batches;
    private readonly int[] _evaluated;
    private int[] _labels = [];

    /// <summary>Makes the task.</summary>
    /// <param name="model">The model.</param>
    /// <param name="train">What to train on.</param>
    /// <param name="validation">What to choose by, or null if all is trained on.</param>
    /// <param name="test">What to report on.</param>
    /// <param name="batches">The rows of every step.</param>
    /// <param name="evaluationBatch">How many rows are judged at once.</param>
    protected Classification(Layer model, TSet train, TSet? validation, TSet test, EpochBatches batches, int evaluationBatch)
    {
        Model = model;
        _train = train;
        _validation = validation;
        _test = test;
        _batches = batches;
        _evaluated = new int[evaluationBatch];
    }

    public sealed override Layer Model { get; }

    public sealed override bool HasValidation => _validation is not null;

    public sealed override int StepsPerEpoch => _batches.StepsPerEpoch;

    public sealed override int BatchRows(long step) => _batches.Rows(step).Length;

    public sealed override Tensor Loss(Tape tape, long step, int start, int count)
    {
        Tensor logits = Logits(tape, _train, _batches.Rows(step).Slice(start, count), LabelsOf(count));
        return CrossEntropyOperation.Apply(tape, logits, _labels.AsMemory(0, count));
    }

    public sealed override EvaluationResult? Evaluate(
        Tape tape, DataPart part, int most = int.MaxValue, CancellationToken interrupted = default)
    {
        TSet? set = part == DataPart.Validation ? _validation : _test;
        if (set is null)
        {
            return null;
        }

        int rows = Math.Min(CountOf(set), most);
        ClassificationScore score = new();
        for (int start = 0; start < rows; start += _evaluated.Length)
        {
            interrupted.ThrowIfCancellationRequested();
            int count = Math.Min(_evaluated.Length, rows - start);
            for (int i = 0; i < count; i++)
            {
                _evaluated[i] = start + i;
            }

            tape.Begin(step: 0, training: false);
            Tensor logits = Logits(tape, set, _evaluated.AsSpan(0, count), LabelsOf(count));
            Tensor loss = CrossEntropyOperation.Apply(tape, logits, _labels.AsMemory(0, count));
            score.Add(logits, _labels.AsSpan(0, count), loss.Values[0]);
        }

        return score.Result();
    }

    /// <summary>The rows of a set.</summary>
    /// <param name="set">The set.</param>
    protected abstract int CountOf(TSet set);

    /// <summary>Computes the logits of some rows.</summary>
    /// <param name="tape">Where to compute.</param>
    /// <param name="set">The set.</param>
    /// <param name="rows">Which of its rows.</param>
    /// <param name="labels">Receives their labels.</param>
    protected abstract Tensor Logits(Tape tape, TSet set, ReadOnlySpan<int> rows, Span<int> labels);

    private Span<int> LabelsOf(int count)
    {
        if (_labels.Length < count)
        {
            _labels = new int[count];
        }

        return _labels.AsSpan(0, count);
    }
}
