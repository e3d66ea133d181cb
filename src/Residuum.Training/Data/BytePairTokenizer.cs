using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace Residuum.Training.Data;

/// <summary>GPT-2's byte-level byte-pair encoding: 256 bytes, then one token per merge, then <c>&lt;|endoftext|&gt;</c>.</summary>
/// <remarks>
/// A text is cut into pieces (<see cref="TextPieces"/>); in each, all occurrences of the adjacent pair with the lowest rank are merged,
/// left to right, until no pair has a rank. The merge of rank k makes token 256 + k. <c>&lt;|endoftext|&gt;</c> in a text is encoded as
/// ordinary characters. The ids of short pieces are remembered, since most of a text is words that it has had before; so one thread at a
/// time. The time for a piece grows with its length times the number of different merges in it, which is felt only in words of many
/// thousand letters.
/// </remarks>
public sealed class BytePairTokenizer : ITokenizer
{
    private const int Bytes = 256;
    private const int NoRank = int.MaxValue;
    private const int Stale = -1;

    /// <summary>Longer pieces are not remembered: with the length in the last byte, 15 bytes make a key.</summary>
    private const int LongestRemembered = 15;

    /// <summary>About 10 MB.</summary>
    private const int MostRemembered = 1 << 17;

    private readonly byte[][] _tokens;
    private readonly ushort[] _tokenOfByte = new ushort[Bytes];
    private readonly Dictionary<uint, int> _ranks;
    private readonly Dictionary<UInt128, ushort[]> _remembered = [];

    private BytePairTokenizer(byte[][] tokens, Dictionary<uint, int> ranks)
    {
        _tokens = tokens;
        _ranks = ranks;
        for (int id = 0; id < Bytes; id++)
        {
            _tokenOfByte[tokens[id][0]] = (ushort)id;
        }
    }

    /// <inheritdoc/>
    public int Vocabulary => _tokens.Length;

    /// <summary>The id of <c>&lt;|endoftext|&gt;</c>, the last one.</summary>
    public int EndOfText => _tokens.Length - 1;

    /// <summary>Reads the merges: a version line, then a line <c>LEFT RIGHT</c> per merge in order of rank; plain or gzip.</summary>
    /// <param name="file">OpenAI's <c>vocab.bpe</c> or another file of that format, of at most 65,279 merges.</param>
    /// <exception cref="DataFormatException">A line of another form, a part that no earlier merge made, a token made twice.</exception>
    public static BytePairTokenizer Load(string file)
    {
        using DataReader reader = new(file);
        Dictionary<string, ushort> ids = new(StringComparer.Ordinal);
        List<byte[]> tokens = [];
        Dictionary<char, byte> byteOf = [];
        foreach ((byte b, char c) in ByteCharacters())
        {
            ids.Add(c.ToString(), (ushort)tokens.Count);
            tokens.Add([b]);
            byteOf.Add(c, b);
        }

        if (!reader.TryReadLine(out ReadOnlySpan<byte> version) || !version.StartsWith("#version:"u8))
        {
            throw reader.WrongLine("the first line of a file of merges begins with #version:.");
        }

        Dictionary<uint, int> ranks = [];
        while (reader.TryReadLine(out ReadOnlySpan<byte> line))
        {
            string[] parts = Encoding.UTF8.GetString(line).Split(' ');
            if (parts.Length != 2 || !ids.TryGetValue(parts[0], out ushort left) || !ids.TryGetValue(parts[1], out ushort right))
            {
                throw reader.WrongLine("a merge must be two tokens, made by earlier lines or single bytes, with one space between.");
            }

            string merged = parts[0] + parts[1];
            if (tokens.Count == ushort.MaxValue || !ids.TryAdd(merged, (ushort)tokens.Count))
            {
                throw reader.WrongLine(
                    $"the token {merged} was made before, or is more than the {ushort.MaxValue} tokens that 16 bits can number.");
            }

            ranks.Add(Pair(left, right), ranks.Count);
            tokens.Add([.. tokens[left], .. tokens[right]]);
        }

        tokens.Add("<|endoftext|>"u8.ToArray());
        return new BytePairTokenizer([.. tokens], ranks);
    }

    /// <inheritdoc/>
    public ushort[] Encode(ReadOnlySpan<byte> text)
    {
        ArrayBufferWriter<ushort> target = new(Math.Max(16, text.Length / 3));
        int[] scratch = new int[64];
        while (!text.IsEmpty)
        {
            int length = TextPieces.FirstLength(text);
            ReadOnlySpan<byte> piece = text[..length];
            text = text[length..];
            UInt128 key = length <= LongestRemembered ? Key(piece) : 0;
            if (key != 0 && _remembered.TryGetValue(key, out ushort[]? known))
            {
                target.Write(known);
                continue;
            }

            if (scratch.Length < 2 * length)
            {
                scratch = new int[4 * length];
            }

            ReadOnlySpan<ushort> tokens = EncodePiece(piece, scratch.AsSpan(0, length), scratch.AsSpan(length, length), target);
            if (key != 0 && _remembered.Count < MostRemembered)
            {
                _remembered.Add(key, tokens.ToArray());
            }
        }

        return target.WrittenSpan.ToArray();
    }

    /// <inheritdoc/>
    public byte[] Decode(ReadOnlySpan<ushort> tokens)
    {
        ArrayBufferWriter<byte> target = new(Math.Max(16, tokens.Length * 5));
        foreach (ushort token in tokens)
        {
            target.Write(token < _tokens.Length
                ? _tokens[token]
                : throw new ArgumentOutOfRangeException(
                    nameof(tokens), token, $"A token of this vocabulary is from 0 to {_tokens.Length - 1}."));
        }

        return target.WrittenSpan.ToArray();
    }

    /// <summary>The bytes of one token.</summary>
    /// <param name="token">Its id.</param>
    public ReadOnlySpan<byte> BytesOf(int token) => _tokens[token];

    /// <summary>The byte of every id from 0 to 255, with the character that stands for it in the file of merges.</summary>
    /// <remarks>Bytes 33-126, 161-172 and 174-255 stand for themselves and come first; the other 68, in rising order, are characters 256,
    /// 257, ...</remarks>
    internal static IEnumerable<(byte Byte, char Character)> ByteCharacters()
    {
        static bool IsPrintable(int b) => b is (>= 33 and <= 126) or (>= 161 and <= 172) or >= 174;
        for (int b = 0; b < Bytes; b++)
        {
            if (IsPrintable(b))
            {
                yield return ((byte)b, (char)b);
            }
        }

        char next = (char)256;
        for (int b = 0; b < Bytes; b++)
        {
            if (!IsPrintable(b))
            {
                yield return ((byte)b, next++);
            }
        }
    }

    private static UInt128 Key(ReadOnlySpan<byte> piece)
    {
        Span<byte> bytes = stackalloc byte[LongestRemembered + 1];
        bytes.Clear();
        piece.CopyTo(bytes);
        bytes[^1] = (byte)piece.Length;
        return BinaryPrimitives.ReadUInt128LittleEndian(bytes);
    }

    private static uint Pair(int left, int right) => ((uint)left << 16) | (uint)right;

    /// <summary>Merges one piece; <paramref name="ranks"/>[i] is the rank of the pair of <paramref name="ids"/>[i] and its right
    /// neighbour.</summary>
    private ReadOnlySpan<ushort> EncodePiece(ReadOnlySpan<byte> piece, Span<int> ids, Span<int> ranks, ArrayBufferWriter<ushort> target)
    {
        for (int i = 0; i < piece.Length; i++)
        {
            ids[i] = _tokenOfByte[piece[i]];
        }

        int count = piece.Length;
        ranks.Fill(Stale);
        while (true)
        {
            int best = LowestRank(ids[..count], ranks[..count]);
            if (best == NoRank)
            {
                break;
            }

            count = MergeAll(ids[..count], ranks[..count], best);
        }

        Span<ushort> written = target.GetSpan(count)[..count];
        for (int i = 0; i < count; i++)
        {
            written[i] = (ushort)ids[i];
        }

        target.Advance(count);
        return written;
    }

    /// <summary>Looks up the ranks that are stale and finds the lowest of all.</summary>
    private int LowestRank(ReadOnlySpan<int> ids, Span<int> ranks)
    {
        int best = NoRank;
        for (int i = 0; i < ids.Length - 1; i++)
        {
            if (ranks[i] == Stale)
            {
                ranks[i] = _ranks.TryGetValue(Pair(ids[i], ids[i + 1]), out int rank) ? rank : NoRank;
            }

            best = Math.Min(best, ranks[i]);
        }

        return best;
    }

    /// <summary>Merges every pair of rank <paramref name="best"/> from left to right, in place, and returns how many ids are
    /// left.</summary>
    private static int MergeAll(Span<int> ids, Span<int> ranks, int best)
    {
        int write = 0;
        int read = 0;
        while (read < ids.Length)
        {
            bool merges = read + 1 < ids.Length && ranks[read] == best;
            if (merges && write > 0)
            {
                ranks[write - 1] = Stale;
            }

            ids[write] = merges ? Bytes + best : ids[read];
            ranks[write] = merges ? Stale : ranks[read];
            write++;
            read += merges ? 2 : 1;
        }

        return write;
    }
}
