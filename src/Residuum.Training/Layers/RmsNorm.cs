using Residuum.Training.Differentiation;

namespace Residuum.Training.Layers;

/// <summary>Root mean square normalization of each row: <c>weight</c> of shape [width], which starts at 1.</summary>
public sealed class RmsNorm : Layer
{
    private readonly Parameter _weight;

    /// <summary>Makes the layer.</summary>
    /// <param name="scope">Its place in the model.</param>
    /// <param name="width">The length of a row.</param>
    public RmsNorm(LayerScope scope, int width)
        : base(scope)
    {
        _weight = AddParameter("weight", Initialization.Constant(1), width);
    }

    /// <summary>Normalizes each row.</summary>
    /// <param name="tape">The tape.</param>
    /// <param name="x">Shape [..., width].</param>
    public Tensor Forward(Tape tape, Tensor x)
    {
        ArgumentNullException.ThrowIfNull(tape);
        return RmsNormOperation.Apply(tape, x, tape.Use(_weight));
    }
}
