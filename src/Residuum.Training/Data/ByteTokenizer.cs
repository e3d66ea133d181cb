namespace Residuum.Training.Data;

/// <summary>Every byte is a token: a vocabulary of 256.</summary>
public sealed class ByteTokenizer : ITokenizer
{
    /// <inheritdoc/>
    public int Vocabulary => 256;

    /// <inheritdoc/>
    public ushort[] Encode(ReadOnlySpan<byte> text)
    {
        ushort[] tokens = new ushort[text.Length];
        for (int i = 0; i < text.Length; i++)
        {
            tokens[i] = text[i];
        }

        return tokens;
    }

    /// <inheritdoc/>
    public byte[] Decode(ReadOnlySpan<ushort> tokens)
    {
        byte[] text = new byte[tokens.Length];
        for (int i = 0; i < tokens.Length; i++)
        {
            text[i] = tokens[i] < 256
                ? (byte)tokens[i]
                : throw new ArgumentOutOfRangeException(nameof(tokens), tokens[i], "A token of this vocabulary is from 0 to 255.");
        }

        return text;
    }
}
