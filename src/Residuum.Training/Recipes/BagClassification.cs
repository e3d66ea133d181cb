using Residuum.Training.Data;
using Residuum.Training.Differentiation;
using Residuum.Training.Layers;

namespace Residuum.Training.Recipes;

/// <summary>Classifies texts.</summary>
internal sealed class BagClassification : Classification<BagSet>
{
    private const int EvaluationBatch = 500;

    private readonly Func<Tape, ReadOnlyMemory<int>, ReadOnlyMemory<int>, Tensor> _forward;
    private int[] _ids = [];
    private int[] _offsets = [];

    /// <summary>Makes the task.</summary>
    /// <param name="model">The model.</param>
    /// <param name="forward">Its logits, given the words of all texts, and where each text starts and the last ends.</param>
    /// <param name="parts">The texts.</param>
    /// <param name="batch">Texts of a batch.</param>
    /// <param name="seed">The seed of the texts' order.</param>
    public BagClassification(
        Layer model, Func<Tape, ReadOnlyMemory<int>, ReadOnlyMemory<int>, Tensor> forward, DataSplit<BagSet> parts, int batch, ulong seed)
        : base(model, parts.Train, parts.Validation, parts.Test, new EpochBatches(parts.Train.Count, batch, seed), EvaluationBatch)
    {
        _forward = forward;
    }

    public override string ExampleUnit => "texts";

    protected override int CountOf(BagSet set) => set.Count;

    protected override Tensor Logits(Tape tape, BagSet set, ReadOnlySpan<int> rows, Span<int> labels)
    {
        if (_offsets.Length <= rows.Length)
        {
            _offsets = new int[rows.Length + 1];
        }

        int most = rows.Length * set.LongestBag;
        if (_ids.Length < most)
        {
            _ids = new int[most];
        }

        int ids = set.CopyBatch(rows, _ids, _offsets, labels);
        return _forward(tape, _ids.AsMemory(0, ids), _offsets.AsMemory(0, rows.Length + 1));
    }
}
