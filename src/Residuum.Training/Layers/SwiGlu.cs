using Residuum.Training.Differentiation;

namespace Residuum.Training.Layers;

/// <summary>
/// The gated feed-forward layer of LLaMA (Shazeer, arXiv:2002.05202): <c>down(silu(gate(x)) up(x))</c>, linear maps without bias
/// <c>gate</c> and
/// <c>up</c> of shape [hidden, width] and <c>down</c> of shape [width, hidden].
/// </summary>
public sealed class SwiGlu : Layer
{
    private readonly Linear _gate;
    private readonly Linear _up;
    private readonly Linear _down;

    /// <summary>Makes the layer.</summary>
    /// <param name="scope">Its place in the model.</param>
    /// <param name="width">The length of a row.</param>
    /// <param name="hidden">The length of a row between the maps.</param>
    /// <param name="input">The initial weights of gate and up.</param>
    /// <param name="output">The initial weights of down.</param>
    public SwiGlu(LayerScope scope, int width, int hidden, Initialization input, Initialization output)
        : base(scope)
    {
        _gate = Add(new Linear(scope.Of("gate"), width, hidden, input, hasBias: false));
        _up = Add(new Linear(scope.Of("up"), width, hidden, input, hasBias: false));
        _down = Add(new Linear(scope.Of("down"), hidden, width, output, hasBias: false));
    }

    /// <summary>Applies the layer to each row.</summary>
    /// <param name="tape">The tape.</param>
    /// <param name="x">Shape [..., width].</param>
    public Tensor Forward(Tape tape, Tensor x) =>
        _down.Forward(tape, SwiGluOperation.Apply(tape, _gate.Forward(tape, x), _up.Forward(tape, x)));
}
