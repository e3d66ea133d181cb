using Residuum.Training.Differentiation;

namespace Residuum.Training.Layers;

/// <summary>
/// A linear map with an optional bias: <c>weight</c> of shape [outputs, inputs], <c>bias</c> of shape [outputs], which starts at 0.
/// </summary>
public sealed class Linear : Layer
{
    private readonly Parameter _weight;
    private readonly Parameter? _bias;

    /// <summary>Makes the layer.</summary>
    /// <param name="scope">Its place in the model.</param>
    /// <param name="inputs">The length of an input row.</param>
    /// <param name="outputs">The length of an output row.</param>
    /// <param name="weight">The initial weights; normal with deviation sqrt(2 / inputs) if null.</param>
    /// <param name="bias">The initial bias; zero if null.</param>
    /// <param name="hasBias">Whether there is a bias.</param>
    public Linear(
        LayerScope scope, int inputs, int outputs, Initialization? weight = null, Initialization? bias = null, bool hasBias = true)
        : base(scope)
    {
        _weight = AddParameter("weight", weight ?? Initialization.He(inputs), outputs, inputs);
        _bias = hasBias ? AddParameter("bias", bias ?? Initialization.Zero, outputs) : null;
    }

    /// <summary>Applies the map to each row.</summary>
    /// <param name="tape">The tape.</param>
    /// <param name="x">Shape [..., inputs].</param>
    /// <returns>Shape [..., outputs].</returns>
    public Tensor Forward(Tape tape, Tensor x)
    {
        ArgumentNullException.ThrowIfNull(tape);
        return LinearOperation.Apply(tape, x, tape.Use(_weight), _bias is null ? null : tape.Use(_bias));
    }
}
