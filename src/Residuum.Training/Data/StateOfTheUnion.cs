namespace Residuum.Training.Data;

/// <summary>The State of the Union addresses, 1790 to 2021: a text in English for language models.</summary>
public static class StateOfTheUnion
{
    /// <summary>The text's place in the data folder.</summary>
    public const string File = "sotu/state-of-the-union.txt.gz";

    /// <summary>The place of GPT-2's merges in the data folder.</summary>
    public const string MergesFile = "tokenizer/gpt2/vocab.bpe.gz";

    /// <summary>Reads the text and splits it by speeches, numbered from 1: divisible by 10 is validation; remainder 1, but not the first,
    /// is test; the rest is training.</summary>
    /// <remarks>Each speech (header line and body line) is encoded alone; a part is its speeches' ids one after the other.</remarks>
    /// <param name="file">Pairs of lines: a header that begins with <c>===</c>, then a speech on one line.</param>
    /// <param name="tokenizer">What the tokens are.</param>
    /// <exception cref="DataFormatException">A line out of place, or too few speeches for three parts.</exception>
    public static DataSplit<TokenStream> Load(string file, ITokenizer tokenizer)
    {
        ArgumentNullException.ThrowIfNull(tokenizer);
        TokenStreamBuilder[] parts = [new(tokenizer), new(tokenizer), new(tokenizer)];
        using DataReader reader = new(file);
        int number = 0;
        while (reader.TryReadLine(out ReadOnlySpan<byte> line))
        {
            if (!line.StartsWith("=== "u8))
            {
                throw reader.WrongLine("a speech begins with a header line === YEAR NAME (PARTY).");
            }

            byte[] header = [.. line, (byte)'\n'];
            if (!reader.TryReadLine(out ReadOnlySpan<byte> body) || body.StartsWith("==="u8))
            {
                throw reader.WrongLine("a header line must be followed by the speech on one line.");
            }

            number++;
            int part = number % 10 == 0 ? 1 : number % 10 == 1 && number > 1 ? 2 : 0;
            parts[part].Add([.. header, .. body, (byte)'\n']);
        }

        return number >= 11
            ? new DataSplit<TokenStream>(parts[0].Build(), parts[1].Build(), parts[2].Build())
            : throw reader.WrongLine($"the text ends after {number} speeches; three parts need at least 11.");
    }
}
