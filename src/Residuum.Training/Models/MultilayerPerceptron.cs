using Residuum.Training.Differentiation;
using Residuum.Training.Layers;

namespace Residuum.Training.Models;

/// <summary>Linear layers with rectifiers between them: <c>layers.0.weight</c>, <c>layers.0.bias</c>, ...</summary>
/// <remarks>Weights start normal with deviation sqrt(2 / inputs), biases at 0.</remarks>
public sealed class MultilayerPerceptron : Layer
{
    private readonly Linear[] _layers;

    /// <summary>Makes the model.</summary>
    /// <param name="seed">The seed of the initial weights.</param>
    /// <param name="widths">The lengths of input, hidden layers and output: 784, 256, 128, 10.</param>
    /// <exception cref="ArgumentException">There are fewer than two widths.</exception>
    public MultilayerPerceptron(ulong seed, params ReadOnlySpan<int> widths)
        : base(new LayerScope(seed))
    {
        if (widths.Length < 2)
        {
            throw new ArgumentException(
                $"A multilayer perceptron needs at least an input and an output width, but got {widths.Length} widths.", nameof(widths));
        }

        LayerScope scope = new(seed);
        _layers = new Linear[widths.Length - 1];
        for (int i = 0; i < _layers.Length; i++)
        {
            _layers[i] = Add(new Linear(scope.Of("layers", i), widths[i], widths[i + 1]));
        }
    }

    /// <summary>Computes logits.</summary>
    /// <param name="tape">The tape.</param>
    /// <param name="x">Shape [batch, inputs].</param>
    /// <returns>Shape [batch, outputs].</returns>
    public Tensor Forward(Tape tape, Tensor x)
    {
        Tensor h = _layers[0].Forward(tape, x);
        for (int i = 1; i < _layers.Length; i++)
        {
            h = _layers[i].Forward(tape, ReluOperation.Apply(tape, h));
        }

        return h;
    }
}
