using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Residuum.Numerics;

/// <summary>The k entries of largest magnitude of an array of any length; ties go to the lower index.</summary>
/// <remarks>
/// Three passes over the bits of the magnitudes find the k-th largest, one more emits. Reads 16 bytes an entry. Only the first pass counts
/// all entries; the others look at the few that their registers' comparisons find.
/// </remarks>
internal static class LargestMagnitudes
{
    private const int FirstShift = 20;
    private const int FirstDigits = 2048;
    private const int Tables = 4;

    /// <summary>Writes the indices of the k largest magnitudes, ascending.</summary>
    /// <param name="values">The array, all finite.</param>
    /// <param name="indices">k places; at most as many as there are values.</param>
    /// <exception cref="ArgumentException">There are more places than values.</exception>
    public static void Select(ReadOnlySpan<float> values, Span<int> indices)
    {
        if (indices.Length > values.Length)
        {
            throw new ArgumentException($"Cannot keep {indices.Length} of {values.Length} entries.", nameof(indices));
        }

        if (indices.Length > 0)
        {
            ReadOnlySpan<int> bits = MemoryMarshal.Cast<float, int>(values);
            int threshold = KthLargest(bits, indices.Length, out int ties);
            Emit(bits, threshold, ties, indices);
        }
    }

    // The bits of the k-th largest magnitude, and how many entries equal to it are among the k largest. 31 bits: 11, then 10, then 10.
    private static int KthLargest(ReadOnlySpan<int> bits, int k, out int ties)
    {
        Span<int> counts = stackalloc int[FirstDigits];
        ties = k;
        CountFirst(bits, counts);
        int prefix = DigitOf(counts, ref ties) << FirstShift;
        foreach (int shift in (ReadOnlySpan<int>)[10, 0])
        {
            Span<int> digits = counts[..1024];
            digits.Clear();
            CountNext(bits, prefix, shift, digits);
            prefix |= DigitOf(digits, ref ties) << shift;
        }

        return prefix;
    }

    // The largest digit that the k-th largest can have; of k remains which it is among those with this digit.
    private static int DigitOf(ReadOnlySpan<int> counts, ref int k)
    {
        int digit = counts.Length - 1;
        while (digit > 0 && k > counts[digit])
        {
            k -= counts[digit];
            digit--;
        }

        return digit;
    }

    // How many entries have each upper digit. Four tables in turn: neighbours often have the same digit, and would wait for each other.
    [MethodImpl(LaneLoop.KernelOptions)]
    private static void CountFirst(ReadOnlySpan<int> bits, Span<int> counts)
    {
        Span<int> tables = stackalloc int[Tables * FirstDigits];
        tables.Clear();
        ref int table = ref MemoryMarshal.GetReference(tables);
        int i = 0;
        for (; i + Tables <= bits.Length; i += Tables)
        {
            for (int t = 0; t < Tables; t++)
            {
                Unsafe.Add(ref table, (t * FirstDigits) + ((bits[i + t] & MagnitudeMasks.Magnitude) >> FirstShift))++;
            }
        }

        for (; i < bits.Length; i++)
        {
            Unsafe.Add(ref table, (bits[i] & MagnitudeMasks.Magnitude) >> FirstShift)++;
        }

        for (int digit = 0; digit < FirstDigits; digit++)
        {
            counts[digit] = tables[digit] + tables[FirstDigits + digit] + tables[(2 * FirstDigits) + digit]
                + tables[(3 * FirstDigits) + digit];
        }
    }

    // Of the entries that agree with the prefix above a digit of 10 bits, how many have each digit.
    [MethodImpl(LaneLoop.KernelOptions)]
    private static void CountNext(ReadOnlySpan<int> bits, int prefix, int shift, Span<int> counts)
    {
        long beyond = prefix + (1L << (shift + 10));
        for (int start = 0; start < bits.Length; start += Math.Min(MagnitudeMasks.Width, bits.Length - start))
        {
            ulong mask = MagnitudeMasks.AtLeast(bits, start, prefix);
            if (mask != 0 && beyond <= MagnitudeMasks.Magnitude)
            {
                mask &= ~MagnitudeMasks.AtLeast(bits, start, (int)beyond);
            }

            for (; mask != 0; mask &= mask - 1)
            {
                counts[(bits[start + BitOperations.TrailingZeroCount(mask)] >> shift) & 1023]++;
            }
        }
    }

    [MethodImpl(LaneLoop.KernelOptions)]
    private static void Emit(ReadOnlySpan<int> bits, int threshold, int ties, Span<int> indices)
    {
        int count = 0;
        for (int start = 0; count < indices.Length; start += MagnitudeMasks.Width)
        {
            for (ulong mask = MagnitudeMasks.AtLeast(bits, start, threshold); mask != 0 && count < indices.Length; mask &= mask - 1)
            {
                int index = start + BitOperations.TrailingZeroCount(mask);
                if ((bits[index] & MagnitudeMasks.Magnitude) > threshold || ties-- > 0)
                {
                    indices[count++] = index;
                }
            }
        }
    }
}
