using Residuum.Training.Data;
using Residuum.Training.Differentiation;
using Residuum.Training.Layers;
using Residuum.Training.Trainer;

namespace Residuum.Training.Recipes;

/// <summary>Classifies texts by softmax cross-entropy.</summary>
internal sealed class BagClassification : TrainingTask
{
    private const int EvaluationBatch = 500;

    private readonly Func<Tape, ReadOnlyMemory<int>, ReadOnlyMemory<int>, Tensor> _forward;
    private readonly DataSplit<BagSet> _parts;
    private readonly EpochBatches _batches;
    private int[] _ids = [];
    private int[] _offsets = [];
    private int[] _labels = [];

    /// <summary>Makes the task.</summary>
    /// <param name="model">The model.</param>
    /// <param name="forward">Its logits, given the words of all texts, and where each text starts and the last ends.</param>
    /// <param name="parts">The texts.</param>
    /// <param name="batch">Texts of a batch.</param>
    /// <param name="seed">The seed of the texts' order.</param>
    public BagClassification(
        Layer model, Func<Tape, ReadOnlyMemory<int>, ReadOnlyMemory<int>, Tensor> forward, DataSplit<BagSet> parts, int batch, ulong seed)
    {
        Model = model;
        _forward = forward;
        _parts = parts;
        _batches = new EpochBatches(parts.Train.Count, batch, seed);
    }

    public override Layer Model { get; }

    public override string ExampleUnit => "texts";

    public override int StepsPerEpoch => _batches.StepsPerEpoch;

    public override int BatchRows(long step) => _batches.Rows(step).Length;

    public override Tensor Loss(Tape tape, long step, int start, int count)
    {
        Tensor logits = Logits(tape, _parts.Train, _batches.Rows(step).Slice(start, count));
        return CrossEntropyOperation.Apply(tape, logits, _labels.AsMemory(0, count));
    }

    public override EvaluationResult? Evaluate(Tape tape, DataPart part, int most = int.MaxValue, CancellationToken interrupted = default)
    {
        BagSet texts = part == DataPart.Validation ? _parts.Validation : _parts.Test;
        int rows = Math.Min(texts.Count, most);
        ClassificationScore score = new();
        Span<int> indices = stackalloc int[EvaluationBatch];
        for (int start = 0; start < rows; start += EvaluationBatch)
        {
            interrupted.ThrowIfCancellationRequested();
            int count = Math.Min(EvaluationBatch, rows - start);
            for (int i = 0; i < count; i++)
            {
                indices[i] = start + i;
            }

            tape.Begin(step: 0, training: false);
            Tensor logits = Logits(tape, texts, indices[..count]);
            Tensor loss = CrossEntropyOperation.Apply(tape, logits, _labels.AsMemory(0, count));
            score.Add(logits, _labels.AsSpan(0, count), loss.Values[0]);
        }

        return score.Result();
    }

    private Tensor Logits(Tape tape, BagSet texts, ReadOnlySpan<int> rows)
    {
        if (_labels.Length < rows.Length)
        {
            _labels = new int[rows.Length];
            _offsets = new int[rows.Length + 1];
        }

        int most = rows.Length * texts.LongestBag;
        if (_ids.Length < most)
        {
            _ids = new int[most];
        }

        int ids = texts.CopyBatch(rows, _ids, _offsets, _labels);
        return _forward(tape, _ids.AsMemory(0, ids), _offsets.AsMemory(0, rows.Length + 1));
    }
}
