using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Residuum.Numerics;

/// <summary>Which of 64 consecutive entries are at least as large as a threshold, by the bits of their magnitudes.</summary>
internal static class MagnitudeMasks
{
    /// <summary>Entries of a mask.</summary>
    public const int Width = 64;

    /// <summary>The bits of a float without its sign; they rise with the magnitude.</summary>
    public const int Magnitude = 0x7FFFFFFF;

    /// <summary>A bit for each of the next 64 entries, or as many as are left.</summary>
    /// <param name="bits">The bits of floats.</param>
    /// <param name="start">The first entry, less than their number.</param>
    /// <param name="least">The threshold.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong AtLeast(ReadOnlySpan<int> bits, int start, int least)
    {
        ref int x0 = ref MemoryMarshal.GetReference(bits);
        int length = Math.Min(bits.Length - start, Width);
        return length == Width && SimdWidth.Lanes > 1
            ? OfWhole(ref x0, (nuint)start, least)
            : OfEach(ref x0, (nuint)start, least, length);
    }

    /// <summary>The mask of 64 entries that are there, by registers of 8.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong OfWhole(ref int x0, nuint start, int least)
    {
        Vector256<int> magnitude = Vector256.Create(Magnitude);
        Vector256<int> threshold = Vector256.Create(least);
        ulong mask = 0;
        for (int part = 0; part < 8; part++)
        {
            Vector256<int> x = Vector256.LoadUnsafe(ref x0, start + (nuint)(8 * part)) & magnitude;
            mask |= (ulong)Vector256.GreaterThanOrEqual(x, threshold).ExtractMostSignificantBits() << (8 * part);
        }

        return mask;
    }

    /// <summary>The mask of at most 64 entries, one by one.</summary>
    public static ulong OfEach(ref int x0, nuint start, int least, int length)
    {
        ulong mask = 0;
        for (int i = 0; i < length; i++)
        {
            mask |= ((Unsafe.Add(ref x0, start + (nuint)i) & Magnitude) >= least ? 1UL : 0UL) << i;
        }

        return mask;
    }
}
