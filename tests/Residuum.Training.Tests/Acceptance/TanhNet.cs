using Residuum.Training.Differentiation;
using Residuum.Training.Layers;

namespace Residuum.Training.Tests.Acceptance;

/// <summary>Linear layers with hyperbolic tangents between, weights N(0, gain^2 / inputs), biases 0.</summary>
internal sealed class TanhNet : Layer
{
    private readonly List<Linear> _layers = [];

    public TanhNet(LayerScope scope, double gain, params ReadOnlySpan<int> widths)
        : base(scope)
    {
        for (int i = 0; i + 1 < widths.Length; i++)
        {
            Linear layer = new(scope.Of($"linear{i}"), widths[i], widths[i + 1], Initialization.Normal(gain / Math.Sqrt(widths[i])), Initialization.Zero);
            _layers.Add(Add(layer));
        }
    }

    public Tensor Forward(Tape tape, Tensor x)
    {
        Tensor h = _layers[0].Forward(tape, x);
        foreach (Linear layer in _layers.Skip(1))
        {
            h = layer.Forward(tape, TanhOperation.Apply(tape, h));
        }

        return h;
    }
}
