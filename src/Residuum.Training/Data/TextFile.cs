namespace Residuum.Training.Data;

/// <summary>A text file of the user's, split by position.</summary>
public static class TextFile
{
    /// <summary>Reads a text: the first 90 % of its bytes are for training, the next 5 % for validation, the last 5 % for test.</summary>
    /// <remarks>Each cut moves forward to the next line's beginning if one follows in the same part, else to the next UTF-8 character. Each
    /// part is encoded alone.</remarks>
    /// <param name="file">The file, plain or gzip; any bytes.</param>
    /// <param name="tokenizer">What the tokens are.</param>
    /// <exception cref="DataFormatException">A part would have fewer than two tokens, or the gzip data are damaged.</exception>
    public static DataSplit<TokenStream> Load(string file, ITokenizer tokenizer)
    {
        ArgumentNullException.ThrowIfNull(tokenizer);
        using DataReader reader = new(file);
        byte[] text = reader.ReadToEnd();
        int first = Cut(text, (int)(text.Length * 90L / 100), (int)(text.Length * 95L / 100));
        int second = Cut(text, Math.Max(first, (int)(text.Length * 95L / 100)), text.Length);
        DataSplit<TokenStream> split = new(Encode(text.AsSpan(0, first)), Encode(text.AsSpan(first..second)), Encode(text.AsSpan(second)));
        return Math.Min(split.Train.Count, Math.Min(split.Validation.Count, split.Test.Count)) >= 2
            ? split
            : throw reader.Wrong(
                text.Length, $"the text ends here; of {text.Length} bytes no three parts of at least two tokens each can be made.");

        TokenStream Encode(ReadOnlySpan<byte> part) => new(tokenizer.Encode(part), tokenizer.Vocabulary, part.Length);
    }

    private static int Cut(ReadOnlySpan<byte> text, int position, int end)
    {
        int lineEnd = text[position..end].IndexOf((byte)'\n');
        if (lineEnd >= 0 && position + lineEnd + 1 < end)
        {
            return position + lineEnd + 1;
        }

        while (position < end && (text[position] & 0xC0) == 0x80)
        {
            position++;
        }

        return position;
    }
}
