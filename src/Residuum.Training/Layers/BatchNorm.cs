using Residuum.Training.Differentiation;

namespace Residuum.Training.Layers;

/// <summary>
/// Batch normalization over the last dimension: parameters <c>weight</c> (starts at 1) and <c>bias</c> (0), buffers <c>runningMean</c> (0)
/// and
/// <c>runningVariance</c> (1), which move by a tenth towards each training batch.
/// </summary>
public sealed class BatchNorm : Layer
{
    private readonly Parameter _weight;
    private readonly Parameter _bias;
    private readonly LayerBuffer _runningMean;
    private readonly LayerBuffer _runningVariance;

    /// <summary>Makes the layer.</summary>
    /// <param name="scope">Its place in the model.</param>
    /// <param name="channels">The length of the last dimension.</param>
    public BatchNorm(LayerScope scope, int channels)
        : base(scope)
    {
        _weight = AddParameter("weight", Initialization.Constant(1), channels);
        _bias = AddParameter("bias", Initialization.Zero, channels);
        _runningMean = AddBuffer("runningMean", 0, channels);
        _runningVariance = AddBuffer("runningVariance", 1, channels);
    }

    /// <summary>Normalizes, adds a residual if there is one, and rectifies if wanted, in one pass.</summary>
    /// <param name="tape">The tape; in training the statistics are the batch's, else the running ones.</param>
    /// <param name="x">Shape [..., channels].</param>
    /// <param name="residual">Added before the rectifier; the shape of <paramref name="x"/>, or null.</param>
    /// <param name="rectify">Whether negative results become 0.</param>
    public Tensor Forward(Tape tape, Tensor x, Tensor? residual = null, bool rectify = false)
    {
        ArgumentNullException.ThrowIfNull(tape);
        return BatchNormOperation.Apply(
            tape, x, tape.Use(_weight), tape.Use(_bias), _runningMean.Values.Span, _runningVariance.Values.Span, residual, rectify);
    }
}
