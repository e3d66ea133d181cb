using Residuum.Training.Differentiation;

namespace Residuum.Training.Layers;

/// <summary>
/// A block of a decoder: attention, then a feed-forward layer, each behind a normalization and with a residual around it.
/// </summary>
public sealed class DecoderBlock : Layer
{
    private readonly RmsNorm _attentionNorm;
    private readonly CausalAttention _attention;
    private readonly RmsNorm _feedForwardNorm;
    private readonly SwiGlu _feedForward;
    private readonly Dropout _attentionDropout;
    private readonly Dropout _feedForwardDropout;

    /// <summary>Makes the block.</summary>
    /// <param name="scope">Its place in the model.</param>
    /// <param name="width">The length of a row.</param>
    /// <param name="heads">The number of attention heads.</param>
    /// <param name="hidden">The hidden width of the feed-forward layer.</param>
    /// <param name="positions">The angles of the positions.</param>
    /// <param name="input">The initial weights of maps that read a normalized row.</param>
    /// <param name="output">The initial weights of maps whose result is added to the residual.</param>
    /// <param name="dropout">The share of each branch's result to drop in training.</param>
    public DecoderBlock(
        LayerScope scope,
        int width,
        int heads,
        int hidden,
        RotaryTable positions,
        Initialization input,
        Initialization output,
        float dropout)
        : base(scope)
    {
        _attentionNorm = Add(new RmsNorm(scope.Of("attentionNorm"), width));
        _attention = Add(new CausalAttention(scope.Of("attention"), width, heads, positions, input, output));
        _attentionDropout = Add(new Dropout(scope.Of("attentionDropout"), dropout));
        _feedForwardNorm = Add(new RmsNorm(scope.Of("feedForwardNorm"), width));
        _feedForward = Add(new SwiGlu(scope.Of("feedForward"), width, hidden, input, output));
        _feedForwardDropout = Add(new Dropout(scope.Of("feedForwardDropout"), dropout));
    }

    /// <summary>Applies the block.</summary>
    /// <param name="tape">The tape.</param>
    /// <param name="x">Shape [batch, time, width].</param>
    public Tensor Forward(Tape tape, Tensor x) => AddBranches(tape, x, _attention.Forward(tape, _attentionNorm.Forward(tape, x)));

    /// <summary>Applies the block to new positions behind those of a cache.</summary>
    internal Tensor Forward(Tape tape, Tensor x, AttentionCache cache) =>
        AddBranches(tape, x, _attention.Forward(tape, _attentionNorm.Forward(tape, x), cache));

    private Tensor AddBranches(Tape tape, Tensor x, Tensor attended)
    {
        Tensor h = AddOperation.Apply(tape, x, _attentionDropout.Forward(tape, attended));
        Tensor fed = _feedForward.Forward(tape, _feedForwardNorm.Forward(tape, h));
        return AddOperation.Apply(tape, h, _feedForwardDropout.Forward(tape, fed));
    }
}
