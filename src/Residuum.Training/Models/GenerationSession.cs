using Residuum.Training.Differentiation;
using Residuum.Training.Layers;

namespace Residuum.Training.Models;

/// <summary>Continues one text token by token, keeping keys and values so that each token costs one position only.</summary>
/// <remarks>
/// When the context is full, the older half of the tokens is forgotten and the rest is read again. Not for several threads at once.
/// <code>
/// GenerationSession session = new(model, tape);
/// ReadOnlySpan&lt;float&gt; logits = session.Append(promptTokens);
/// while (wanted-- &gt; 0)
/// {
///     int token = Choose(logits);
///     logits = session.Append([token]);
/// }
/// </code>
/// </remarks>
public sealed class GenerationSession
{
    private readonly DecoderTransformer _model;
    private readonly Tape _tape;
    private readonly AttentionCache[] _caches;
    private readonly int[] _seen;
    private int _length;

    /// <summary>Starts with no text.</summary>
    /// <param name="model">The model.</param>
    /// <param name="tape">The tape to compute on.</param>
    public GenerationSession(DecoderTransformer model, Tape tape)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(tape);
        _model = model;
        _tape = tape;
        _seen = new int[model.Options.Context];
        _caches = new AttentionCache[model.Options.Layers];
        for (int i = 0; i < _caches.Length; i++)
        {
            _caches[i] = new AttentionCache(model.Options.Context, model.Options.Width);
        }
    }

    /// <summary>Adds tokens to the text.</summary>
    /// <param name="tokens">At least one.</param>
    /// <returns>The logits of the next token, valid until the next call or other use of the tape.</returns>
    /// <exception cref="ArgumentException">There are no tokens, or one is not in the vocabulary.</exception>
    public ReadOnlySpan<float> Append(params ReadOnlySpan<int> tokens)
    {
        if (tokens.IsEmpty)
        {
            throw new ArgumentException("At least one token must be added.", nameof(tokens));
        }

        Tensor? logits = null;
        while (!tokens.IsEmpty)
        {
            if (_length == _seen.Length)
            {
                ForgetOlderHalf();
            }

            int count = Math.Min(tokens.Length, _seen.Length - _length);
            tokens[..count].CopyTo(_seen.AsSpan(_length));
            logits = Read(_length, count);
            tokens = tokens[count..];
        }

        return logits!.Values;
    }

    private void ForgetOlderHalf()
    {
        int kept = _seen.Length / 2;
        _seen.AsSpan(_length - kept, kept).CopyTo(_seen);
        _length = 0;
        foreach (AttentionCache cache in _caches)
        {
            cache.Clear();
        }

        if (kept > 0)
        {
            Read(0, kept);
        }
    }

    private Tensor Read(int start, int count)
    {
        _tape.Begin(0, training: false);
        Tensor logits = _model.Forward(_tape, _seen.AsMemory(start, count), _caches);
        _length = start + count;
        return logits;
    }
}
