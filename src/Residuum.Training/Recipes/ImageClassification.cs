using Residuum.Training.Data;
using Residuum.Training.Differentiation;
using Residuum.Training.Layers;
using Residuum.Training.Trainer;

namespace Residuum.Training.Recipes;

/// <summary>Classifies images by softmax cross-entropy.</summary>
internal sealed class ImageClassification : TrainingTask
{
    // About a training batch, so that an evaluation works in memory of the size that the training steps use.
    private const int EvaluationBatch = 125;

    private readonly Func<Tape, Tensor, Tensor> _forward;
    private readonly ImageSet _train;
    private readonly ImageSet? _validation;
    private readonly ImageSet _test;
    private readonly EpochBatches _batches;
    private readonly int[] _shape;
    private float[] _features = [];
    private int[] _labels = [];

    /// <summary>Makes the task.</summary>
    /// <param name="model">The model.</param>
    /// <param name="forward">Its logits, given a tensor [images, <paramref name="imageShape"/>].</param>
    /// <param name="imageShape">The dimensions in which the model wants an image.</param>
    /// <param name="train">What to train on.</param>
    /// <param name="validation">What to choose by, or null if all is trained on.</param>
    /// <param name="test">What to report on.</param>
    /// <param name="batch">Images of a batch.</param>
    /// <param name="seed">The seed of the images' order.</param>
    public ImageClassification(
        Layer model,
        Func<Tape, Tensor, Tensor> forward,
        int[] imageShape,
        ImageSet train,
        ImageSet? validation,
        ImageSet test,
        int batch,
        ulong seed)
    {
        Model = model;
        _forward = forward;
        _shape = [0, .. imageShape];
        _train = train;
        _validation = validation;
        _test = test;
        _batches = new EpochBatches(train.Count, batch, seed);
    }

    public override Layer Model { get; }

    public override string ExampleUnit => "images";

    public override int StepsPerEpoch => _batches.StepsPerEpoch;

    public override int BatchRows(long step) => _batches.Rows(step).Length;

    public override Tensor Loss(Tape tape, long step, int start, int count)
    {
        Tensor logits = Logits(tape, _train, _batches.Rows(step).Slice(start, count));
        return CrossEntropyOperation.Apply(tape, logits, _labels.AsMemory(0, count));
    }

    public override EvaluationResult? Evaluate(Tape tape, DataPart part, int most = int.MaxValue, CancellationToken interrupted = default)
    {
        ImageSet? images = part == DataPart.Validation ? _validation : _test;
        if (images is null)
        {
            return null;
        }

        int rows = Math.Min(images.Count, most);
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
            Tensor logits = Logits(tape, images, indices[..count]);
            Tensor loss = CrossEntropyOperation.Apply(tape, logits, _labels.AsMemory(0, count));
            score.Add(logits, _labels.AsSpan(0, count), loss.Values[0]);
        }

        return score.Result();
    }

    private Tensor Logits(Tape tape, ImageSet images, ReadOnlySpan<int> rows)
    {
        if (_labels.Length < rows.Length)
        {
            _labels = new int[rows.Length];
            _features = new float[rows.Length * images.Width];
        }

        Span<float> features = _features.AsSpan(0, rows.Length * images.Width);
        images.CopyBatch(rows, features, _labels.AsSpan(0, rows.Length));
        _shape[0] = rows.Length;
        return _forward(tape, tape.Input(features, _shape));
    }
}
