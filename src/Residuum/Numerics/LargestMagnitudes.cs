namespace Residuum.Numerics;

/// <summary>The k entries of largest magnitude of an array of any length; ties go to the lower index.</summary>
/// <remarks>Three counting passes over the bits of the magnitudes find the k-th largest, one more emits. Reads 16 bytes an entry.</remarks>
internal static class LargestMagnitudes
{
    private const int MagnitudeMask = int.MaxValue;

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

        int threshold = KthLargest(values, indices.Length, out int ties);
        int count = 0;
        for (int i = 0; i < values.Length && count < indices.Length; i++)
        {
            int magnitude = BitConverter.SingleToInt32Bits(values[i]) & MagnitudeMask;
            if (magnitude > threshold || (magnitude == threshold && ties-- > 0))
            {
                indices[count++] = i;
            }
        }
    }

    // The bits of the k-th largest magnitude, and how many entries equal to it are among the k largest. 31 bits: 11, then 10, then 10.
    private static int KthLargest(ReadOnlySpan<float> values, int k, out int ties)
    {
        Span<int> counts = stackalloc int[2048];
        int prefix = 0;
        int wanted = k;
        foreach ((int shift, int bits) in (ReadOnlySpan<(int, int)>)[(20, 11), (10, 10), (0, 10)])
        {
            counts.Clear();
            int mask = (1 << bits) - 1;
            foreach (float value in values)
            {
                int magnitude = BitConverter.SingleToInt32Bits(value) & MagnitudeMask;
                // Of the entries that agree in the bits above, how many have each digit.
                counts[(magnitude >> shift) & mask] += ((magnitude ^ prefix) >> (shift + bits)) == 0 ? 1 : 0;
            }

            int digit = mask;
            while (digit > 0 && wanted > counts[digit])
            {
                wanted -= counts[digit];
                digit--;
            }

            prefix |= digit << shift;
        }

        ties = wanted;
        return prefix;
    }
}
