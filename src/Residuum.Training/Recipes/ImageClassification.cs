using Residuum.Training.Data;
using Residuum.Training.Differentiation;
using Residuum.Training.Layers;

namespace Residuum.Training.Recipes;

/// <summary>Classifies images.</summary>
internal sealed class ImageClassification : Classification<ImageSet>
{
    // About a training batch, so that an evaluation works in memory of the size that the training steps use.
    private const int EvaluationBatch = 125;

    private readonly Func<Tape, Tensor, Tensor> _forward;
    private readonly int[] _shape;
    private float[] _features = [];

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
        : base(model, train, validation, test, new EpochBatches(train.Count, batch, seed), EvaluationBatch)
    {
        _forward = forward;
        _shape = [0, .. imageShape];
    }

    public override string ExampleUnit => "images";

    protected override int CountOf(ImageSet set) => set.Count;

    protected override Tensor Logits(Tape tape, ImageSet set, ReadOnlySpan<int> rows, Span<int> labels)
    {
        if (_features.Length < rows.Length * set.Width)
        {
            _features = new float[rows.Length * set.Width];
        }

        Span<float> features = _features.AsSpan(0, rows.Length * set.Width);
        set.CopyBatch(rows, features, labels);
        _shape[0] = rows.Length;
        return _forward(tape, tape.Input(features, _shape));
    }
}
