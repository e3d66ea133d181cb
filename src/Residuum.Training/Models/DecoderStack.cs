using Residuum.Training.Differentiation;
using Residuum.Training.Layers;

namespace Residuum.Training.Models;

/// <summary>What the transformers have in common: the tokens' vectors, the blocks, and the last normalization.</summary>
/// <remarks>
/// Weights start normal with deviation 0.02; those of maps whose result is added to the residual with 0.02 / √(2 layers), so that the sum
/// of all branches starts at the same scale for any depth (GPT-2's rule).
/// </remarks>
internal sealed class DecoderStack : Layer
{
    private const double InitialDeviation = 0.02;

    private readonly Embedding _embedding;
    private readonly Dropout _dropout;
    private readonly DecoderBlock[] _blocks;
    private readonly RmsNorm _norm;

    /// <summary>Makes the stack.</summary>
    /// <param name="scope">Its place in the model.</param>
    /// <param name="options">Its size, in range.</param>
    public DecoderStack(LayerScope scope, DecoderTransformerOptions options)
        : base(scope)
    {
        Initialization output = Initialization.Normal(InitialDeviation / Math.Sqrt(2.0 * options.Layers));
        RotaryTable positions = new(options.Context, options.Width / options.Heads, options.RotaryBase);
        _embedding = Add(new Embedding(scope.Of("embedding"), options.Vocabulary, options.Width, InputWeights));
        _dropout = Add(new Dropout(scope.Of("embeddingDropout"), options.Dropout));
        _blocks = new DecoderBlock[options.Layers];
        for (int i = 0; i < _blocks.Length; i++)
        {
            _blocks[i] = Add(new DecoderBlock(
                scope.Of("blocks", i),
                options.Width,
                options.Heads,
                options.EffectiveHiddenWidth,
                positions,
                InputWeights,
                output,
                options.Dropout));
        }

        _norm = Add(new RmsNorm(scope.Of("norm"), options.Width));
    }

    /// <summary>The initial weights of maps that read a normalized row, heads among them.</summary>
    public static Initialization InputWeights { get; } = Initialization.Normal(InitialDeviation);

    /// <summary>The tokens' vectors.</summary>
    public Parameter EmbeddingWeight => _embedding.Weight;

    /// <summary>Computes the normalized rows of sequences of one length.</summary>
    /// <param name="tape">The tape.</param>
    /// <param name="tokens">The tokens, batch * time; must stay as they are until the backward pass is done.</param>
    /// <param name="batch">The number of sequences.</param>
    /// <param name="time">Their length, at most the context.</param>
    /// <returns>Shape [batch, time, width].</returns>
    public Tensor Forward(Tape tape, ReadOnlyMemory<int> tokens, int batch, int time)
    {
        Tensor h = _dropout.Forward(tape, _embedding.Forward(tape, tokens, batch, time));
        foreach (DecoderBlock block in _blocks)
        {
            h = block.Forward(tape, h);
        }

        return _norm.Forward(tape, h);
    }

    /// <summary>Computes the normalized row of the last of some tokens, which follow those of the caches.</summary>
    /// <param name="tape">The tape.</param>
    /// <param name="tokens">The new tokens.</param>
    /// <param name="caches">What each block has seen.</param>
    /// <returns>Shape [1, width].</returns>
    public Tensor Forward(Tape tape, ReadOnlyMemory<int> tokens, ReadOnlySpan<AttentionCache> caches)
    {
        Tensor h = _embedding.Forward(tape, tokens, 1, tokens.Length);
        for (int i = 0; i < _blocks.Length; i++)
        {
            h = _blocks[i].Forward(tape, h, caches[i]);
        }

        return _norm.Forward(tape, tape.Input(h.Values[^h.Columns..], 1, h.Columns));
    }
}
