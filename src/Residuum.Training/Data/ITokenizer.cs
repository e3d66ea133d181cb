namespace Residuum.Training.Data;

/// <summary>Turns text into token ids and back. Text is bytes, as a rule UTF-8; any bytes survive the way there and back.</summary>
public interface ITokenizer
{
    /// <summary>How many ids there are; an id is from 0 to this less 1.</summary>
    int Vocabulary { get; }

    /// <summary>The ids of a text.</summary>
    /// <param name="text">The text's bytes.</param>
    ushort[] Encode(ReadOnlySpan<byte> text);

    /// <summary>The bytes that ids stand for.</summary>
    /// <param name="tokens">The ids.</param>
    /// <exception cref="ArgumentOutOfRangeException">An id is not in the vocabulary.</exception>
    byte[] Decode(ReadOnlySpan<ushort> tokens);
}
