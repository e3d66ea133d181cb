namespace Residuum.Training.Data;

/// <summary>A text as one sequence of token ids, and the number of bytes that it stands for.</summary>
public sealed class TokenStream
{
    private readonly ushort[] _tokens;

    internal TokenStream(ushort[] tokens, int vocabulary, long bytes)
    {
        _tokens = tokens;
        Vocabulary = vocabulary;
        Bytes = bytes;
    }

    /// <summary>How many tokens.</summary>
    public int Count => _tokens.Length;

    /// <summary>How many ids the tokenizer has.</summary>
    public int Vocabulary { get; }

    /// <summary>The text's length in bytes: bits per byte = bits per token x <see cref="Count"/> / this.</summary>
    public long Bytes { get; }

    /// <summary>The ids.</summary>
    public ReadOnlySpan<ushort> Tokens => _tokens;

    /// <summary>Copies a window of tokens and, for each, the token that follows it.</summary>
    /// <param name="start">The first input, from 0.</param>
    /// <param name="inputs">Receives tokens start, start + 1, ...</param>
    /// <param name="targets">As long as <paramref name="inputs"/>; receives tokens start + 1, start + 2, ...</param>
    /// <exception cref="ArgumentOutOfRangeException">The window and its last target are not inside the stream.</exception>
    public void CopyWindow(int start, Span<int> inputs, Span<int> targets)
    {
        ReadOnlySpan<ushort> source = _tokens.AsSpan(start, inputs.Length + 1);
        for (int i = 0; i < inputs.Length; i++)
        {
            inputs[i] = source[i];
            targets[i] = source[i + 1];
        }
    }
}
