using Residuum.Training.Differentiation;
using Residuum.Training.Layers;

namespace Residuum.Training.Models;

/// <summary>
/// A decoder-only transformer of LLaMA's shape (Touvron et al., arXiv:2302.13971): RMSNorm, rotary positions, SwiGLU, no biases.
/// </summary>
/// <remarks>
/// Weights start normal with deviation 0.02; those of maps whose result is added to the residual with 0.02 / √(2 layers), so that the sum
/// of all branches starts at the same scale for any depth (GPT-2's rule).
/// </remarks>
public sealed class DecoderTransformer : Layer
{
    private readonly DecoderStack _stack;
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
        _stack = Add(new DecoderStack(scope, options));
        _head = options.TiedHead
            ? null
            : Add(new Linear(scope.Of("head"), options.Width, options.Vocabulary, DecoderStack.InputWeights, hasBias: false));
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
        return Logits(tape, _stack.Forward(tape, tokens, batch, time));
    }

    /// <summary>
    /// Computes the logits of the token after the last of <paramref name="tokens"/>, which follow the tokens that the session has seen.
    /// </summary>
    internal Tensor Forward(Tape tape, ReadOnlyMemory<int> tokens, ReadOnlySpan<AttentionCache> caches) =>
        Logits(tape, _stack.Forward(tape, tokens, caches));

    private Tensor Logits(Tape tape, Tensor h) =>
        _head is null ? LinearOperation.Apply(tape, h, tape.Use(_stack.EmbeddingWeight)) : _head.Forward(tape, h);
}
