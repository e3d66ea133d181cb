using Residuum.Training.Differentiation;
using Residuum.Training.Layers;

namespace Residuum.Training.Models;

/// <summary>
/// A decoder-only transformer of LLaMA's shape (Touvron et al., arXiv:2302.13971): RMSNorm, rotary positions, SwiGLU, no biases.
/// </summary>
/// <remarks>
/// Weights start normal with deviation 0.02; those of maps whose result is added to the residual with 0.02 / √(2 layers), so that the sum
/// of
/// all branches starts at the same scale for any depth (GPT-2's rule).
/// </remarks>
public sealed class DecoderTransformer : Layer
{
    private const double InitialDeviation = 0.02;

    private readonly Embedding _embedding;
    private readonly Dropout _dropout;
    private readonly DecoderBlock[] _blocks;
    private readonly RmsNorm _norm;
    private readonly Linear? _head;

    /// <summary>Makes the model.</summary>
    /// <param name="options">Its size.</param>
    /// <param name="seed">The seed of the initial weights.</param>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of its range.</exception>
    public DecoderTransformer(DecoderTransformerOptions options, ulong seed)
        : base(new LayerScope(seed))
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        Options = options;
        LayerScope scope = new(seed);
        Initialization input = Initialization.Normal(InitialDeviation);
        Initialization output = Initialization.Normal(InitialDeviation / Math.Sqrt(2.0 * options.Layers));
        RotaryTable positions = new(options.Context, options.Width / options.Heads, options.RotaryBase);
        _embedding = Add(new Embedding(scope.Of("embedding"), options.Vocabulary, options.Width, input));
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
                input,
                output,
                options.Dropout));
        }

        _norm = Add(new RmsNorm(scope.Of("norm"), options.Width));
        _head = options.TiedHead ? null : Add(new Linear(scope.Of("head"), options.Width, options.Vocabulary, input, hasBias: false));
    }

    /// <summary>The model's size.</summary>
    public DecoderTransformerOptions Options { get; }

    /// <summary>Computes the logits of the token after each position.</summary>
    /// <param name="tape">The tape.</param>
    /// <param name="tokens">The tokens, batch * time; must stay as they are until the backward pass is done.</param>
    /// <param name="batch">The number of sequences.</param>
    /// <param name="time">Their length, at most the context.</param>
    /// <returns>Shape [batch, time, vocabulary].</returns>
    /// <exception cref="ArgumentException">The sequences are longer than the context, or the number of tokens is not batch *
    /// time.</exception>
    public Tensor Forward(Tape tape, ReadOnlyMemory<int> tokens, int batch, int time)
    {
        ArgumentNullException.ThrowIfNull(tape);
        Tensor h = _dropout.Forward(tape, _embedding.Forward(tape, tokens, batch, time));
        foreach (DecoderBlock block in _blocks)
        {
            h = block.Forward(tape, h);
        }

        return Logits(tape, h);
    }

    /// <summary>
    /// Computes the logits of the token after the last of <paramref name="tokens"/>, which follow the tokens that the session has seen.
    /// </summary>
    internal Tensor Forward(Tape tape, ReadOnlyMemory<int> tokens, ReadOnlySpan<AttentionCache> caches)
    {
        Tensor h = _embedding.Forward(tape, tokens, 1, tokens.Length);
        for (int i = 0; i < _blocks.Length; i++)
        {
            h = _blocks[i].Forward(tape, h, caches[i]);
        }

        int width = Options.Width;
        return Logits(tape, tape.Input(h.Values[^width..], 1, width));
    }

    private Tensor Logits(Tape tape, Tensor h)
    {
        Tensor normalized = _norm.Forward(tape, h);
        return _head is null ? LinearOperation.Apply(tape, normalized, tape.Use(_embedding.Weight)) : _head.Forward(tape, normalized);
    }
}
