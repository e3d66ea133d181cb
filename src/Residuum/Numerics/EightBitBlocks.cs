namespace Residuum.Numerics;

/// <summary>
/// Blocks of numbers as entries of a <see cref="DynamicMap"/>: a code each, scaled by the largest magnitude of the block.
/// </summary>
/// <param name="codes">A code an entry.</param>
/// <param name="absmax">The largest magnitude of each block.</param>
/// <param name="size">Entries of a block; the last may be shorter.</param>
internal readonly ref struct EightBitBlocks(Span<byte> codes, Span<float> absmax, int size)
{
    /// <summary>A code an entry.</summary>
    public Span<byte> Codes { get; } = codes;

    /// <summary>The largest magnitude of each block.</summary>
    public Span<float> Absmax { get; } = absmax;

    /// <summary>Entries of a block; the last may be shorter.</summary>
    public int Size { get; } = size;

    /// <summary>One block.</summary>
    /// <param name="index">Which, from 0.</param>
    public EightBitBlocks Block(int index)
    {
        int start = index * Size;
        return new(Codes.Slice(start, Math.Min(Size, Codes.Length - start)), Absmax.Slice(index, 1), Size);
    }

    /// <summary>Makes sure that there is a code for each of so many entries, and a maximum for each of their blocks.</summary>
    /// <param name="entries">How many.</param>
    /// <exception cref="ArgumentException">There are more or fewer.</exception>
    public void Check(int entries)
    {
        long blocks = ((long)entries + Size - 1) / Size;
        if (Codes.Length != entries || Absmax.Length != blocks)
        {
            throw new ArgumentException(
                $"{entries} values in blocks of {Size} need as many codes and {blocks} maxima, but there are {Codes.Length} and "
                    + $"{Absmax.Length}.",
                nameof(entries));
        }
    }
}
