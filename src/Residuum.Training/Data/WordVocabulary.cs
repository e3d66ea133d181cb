namespace Residuum.Training.Data;

/// <summary>The words that occur at least twice in the training part, numbered from 1 in the order of their second occurrence; id 0 is any
/// other word.</summary>
/// <remarks>Words are the longest runs of the letters a to z after lower-casing.</remarks>
public sealed class WordVocabulary
{
    private readonly Dictionary<string, int> _ids = new(StringComparer.Ordinal);

    internal WordVocabulary(IEnumerable<byte[]> trainingTexts)
    {
        HashSet<string> seen = new(StringComparer.Ordinal);
        foreach (byte[] text in trainingTexts)
        {
            foreach (Range range in new Words(text))
            {
                string word = LowerCase(text.AsSpan(range));
                if (!seen.Add(word))
                {
                    _ids.TryAdd(word, _ids.Count + 1);
                }
            }
        }
    }

    /// <summary>How many ids there are: one for each word, and 0.</summary>
    public int Size => _ids.Count + 1;

    /// <summary>The id of a word.</summary>
    /// <param name="word">Letters a to z, either case.</param>
    /// <returns>0 when the training part has it less than twice.</returns>
    public int IdOf(ReadOnlySpan<byte> word) => _ids.GetValueOrDefault(LowerCase(word));

    private static string LowerCase(ReadOnlySpan<byte> word) => string.Create(word.Length, word, static (target, source) =>
    {
        for (int i = 0; i < target.Length; i++)
        {
            // The bit 0x20 tells a lower-case ASCII letter from its upper case.
            target[i] = (char)(source[i] | 0x20);
        }
    });
}
