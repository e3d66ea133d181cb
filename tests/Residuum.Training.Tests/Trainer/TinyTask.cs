using Residuum.Numerics;
using Residuum.Training.Data;
using Residuum.Training.Differentiation;
using Residuum.Training.Layers;
using Residuum.Training.Models;
using Residuum.Training.Trainer;

namespace Residuum.Training.Tests.Trainer;

/// <summary>Points of the plane in three classes, 20 of them, in batches of 6: a step takes microseconds.</summary>
internal sealed class TinyTask : TrainingTask
{
    private const int Count = 20;
    private const int Width = 4;

    private readonly MultilayerPerceptron _model;
    private readonly EpochBatches _batches;
    private readonly float[] _features = new float[Count * Width];
    private readonly int[] _classes = new int[Count];
    private readonly float[] _batch = new float[Count * Width];
    private readonly int[] _labels = new int[Count];

    public TinyTask(int seed)
    {
        _model = new MultilayerPerceptron((ulong)seed, Width, 8, 3);
        _batches = new EpochBatches(Count, 6, (ulong)seed);
        CounterRandom random = new(99, 0);
        for (int i = 0; i < _features.Length; i++)
        {
            _features[i] = (float)random.Normal((ulong)i);
        }

        for (int i = 0; i < Count; i++)
        {
            _classes[i] = _features[i * Width] > 0.5f ? 0 : _features[(i * Width) + 1] > 0 ? 1 : 2;
        }
    }

    public override Layer Model => _model;

    public override string ExampleUnit => "points";

    public override int StepsPerEpoch => _batches.StepsPerEpoch;

    public override int BatchRows(long step) => _batches.Rows(step).Length;

    public override Tensor Loss(Tape tape, long step, int start, int count)
    {
        ReadOnlySpan<int> rows = _batches.Rows(step).Slice(start, count);
        return Loss(tape, rows);
    }

    public override EvaluationResult? Evaluate(Tape tape, DataPart part, int most = int.MaxValue, CancellationToken interrupted = default)
    {
        interrupted.ThrowIfCancellationRequested();
        tape.Begin(step: 0, training: false);
        return new EvaluationResult(Loss(tape, Enumerable.Range(0, Math.Min(most, Count)).ToArray()).Values[0]);
    }

    private Tensor Loss(Tape tape, ReadOnlySpan<int> rows)
    {
        for (int i = 0; i < rows.Length; i++)
        {
            _features.AsSpan(rows[i] * Width, Width).CopyTo(_batch.AsSpan(i * Width));
            _labels[i] = _classes[rows[i]];
        }

        Tensor logits = _model.Forward(tape, tape.Input(_batch.AsSpan(0, rows.Length * Width), rows.Length, Width));
        return CrossEntropyOperation.Apply(tape, logits, _labels.AsMemory(0, rows.Length));
    }
}
