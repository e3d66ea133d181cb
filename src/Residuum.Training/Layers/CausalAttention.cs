using Residuum.Training.Differentiation;

namespace Residuum.Training.Layers;

/// <summary>
/// Multi-head causal self-attention with rotary positions: linear maps without bias <c>query</c>, <c>key</c>, <c>value</c> and
/// <c>output</c>,
/// each of shape [width, width].
/// </summary>
public sealed class CausalAttention : Layer
{
    private readonly Linear _query;
    private readonly Linear _key;
    private readonly Linear _value;
    private readonly Linear _output;
    private readonly RotaryTable _positions;
    private readonly int _heads;

    /// <summary>Makes the layer.</summary>
    /// <param name="scope">Its place in the model.</param>
    /// <param name="width">The length of a row.</param>
    /// <param name="heads">The number of heads, a divisor of <paramref name="width"/>.</param>
    /// <param name="positions">The angles of the positions, for the width of a head.</param>
    /// <param name="input">The initial weights of query, key and value.</param>
    /// <param name="output">The initial weights of the output.</param>
    public CausalAttention(LayerScope scope, int width, int heads, RotaryTable positions, Initialization input, Initialization output)
        : base(scope)
    {
        _heads = heads;
        _positions = positions;
        _query = Add(new Linear(scope.Of("query"), width, width, input, hasBias: false));
        _key = Add(new Linear(scope.Of("key"), width, width, input, hasBias: false));
        _value = Add(new Linear(scope.Of("value"), width, width, input, hasBias: false));
        _output = Add(new Linear(scope.Of("output"), width, width, output, hasBias: false));
    }

    /// <summary>Attends.</summary>
    /// <param name="tape">The tape.</param>
    /// <param name="x">Shape [batch, time, width].</param>
    public Tensor Forward(Tape tape, Tensor x)
    {
        Tensor query = RotaryOperation.Apply(tape, _query.Forward(tape, x), _positions);
        Tensor key = RotaryOperation.Apply(tape, _key.Forward(tape, x), _positions);
        Tensor value = _value.Forward(tape, x);
        return _output.Forward(tape, CausalAttentionOperation.Apply(tape, query, key, value, _heads));
    }

    /// <summary>Attends from new positions to these and all that a cache holds, to which they are added.</summary>
    /// <param name="tape">The tape, begun with training: false.</param>
    /// <param name="x">Shape [1, new positions, width].</param>
    /// <param name="cache">Keys and values of the positions before.</param>
    internal Tensor Forward(Tape tape, Tensor x, AttentionCache cache)
    {
        Tensor query = RotaryOperation.Apply(tape, _query.Forward(tape, x), _positions, cache.Length);
        Tensor key = RotaryOperation.Apply(tape, _key.Forward(tape, x), _positions, cache.Length);
        (Tensor keys, Tensor values) = cache.Append(tape, key, _value.Forward(tape, x));
        return _output.Forward(tape, CausalAttentionOperation.Apply(tape, query, keys, values, _heads));
    }
}
