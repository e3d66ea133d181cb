using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Residuum.Numerics;

/// <summary>Finds the k entries of largest magnitude: exactly k, ties to the lower index, in rising order of the index.</summary>
/// <remarks>
/// Magnitudes are compared by their bit patterns, which rise with them. A guessed threshold filters the few candidates out of the block,
/// and a bisection over their bit patterns finds the exact k-th largest. The guess affects the time alone, never the result.
/// </remarks>
internal static class TopKSelection
{
    /// <summary>Entries of scratch for candidates beyond the block's length: whole registers are stored there.</summary>
    public const int Slack = 16;

    private const int MagnitudeMask = 0x7FFFFFFF;

    /// <summary>Writes the indices of the k largest magnitudes.</summary>
    /// <param name="values">The block, at most 65,536 entries. Read once or a few times: 4 bytes an entry each.</param>
    /// <param name="k">1 to the block's length.</param>
    /// <param name="guess">A threshold that k or somewhat more magnitudes may reach; 0 or less if nothing is known.</param>
    /// <param name="kept">The k indices.</param>
    /// <param name="candidates">Scratch of the block's length and <see cref="Slack"/>.</param>
    /// <param name="magnitudes">Scratch of the block's length.</param>
    public static void Select(ReadOnlySpan<float> values, int k, float guess, Span<ushort> kept, Span<int> candidates, Span<int> magnitudes)
    {
        if (k < 1 || k > values.Length || values.Length > 65_536 || kept.Length != k
            || candidates.Length < values.Length + Slack || magnitudes.Length < values.Length)
        {
            throw new ArgumentException(
                $"Cannot keep {k} of {values.Length} entries in {kept.Length} places with scratch of {candidates.Length} and "
                    + $"{magnitudes.Length}.");
        }

        // The guess may be too high, and the block's own mean too: then every entry is a candidate.
        float threshold = guess;
        int count = threshold > 0 ? Filter(values, threshold, candidates, magnitudes) : 0;
        if (count < k)
        {
            threshold = MeanMagnitude(values) * MeanFactor(k, values.Length);
            count = threshold > 0 && float.IsFinite(threshold) ? Filter(values, threshold, candidates, magnitudes) : 0;
        }

        if (count < k)
        {
            threshold = 0;
            count = Filter(values, threshold, candidates, magnitudes);
        }

        int kth = KthLargest(magnitudes[..count], k, BitConverter.SingleToInt32Bits(threshold), out int above);
        Emit(candidates[..count], magnitudes, kth, k - above, kept);
    }

    // For normally distributed entries, somewhat more than k of n exceed this many mean magnitudes.
    private static float MeanFactor(int k, int n) => k < n / 8 ? 2 : 0;

    private static float MeanMagnitude(ReadOnlySpan<float> values)
    {
        float sum = 0;
        int stride = Math.Max(1, values.Length / 256);
        int count = 0;
        for (int i = 0; i < values.Length; i += stride)
        {
            sum += MathF.Abs(values[i]);
            count++;
        }

        return sum / count;
    }

    // Indices and magnitudes of the entries that reach the threshold.
    [MethodImpl(LaneLoop.KernelOptions)]
    private static int Filter(ReadOnlySpan<float> values, float threshold, Span<int> candidates, Span<int> magnitudes)
    {
        ref int x0 = ref Unsafe.As<float, int>(ref MemoryMarshal.GetReference(values));
        ref int index0 = ref MemoryMarshal.GetReference(candidates);
        ref int magnitude0 = ref MemoryMarshal.GetReference(magnitudes);
        int least = BitConverter.SingleToInt32Bits(threshold);
        nuint length = (nuint)values.Length;
        nuint start = 0;
        nuint count = SimdWidth.Lanes == 16 && Avx512F.IsSupported
            ? CompressIndices(ref x0, length, least, ref index0, ref start)
            : IndicesByMasks(ref x0, length, least, ref index0, ref start);
        for (; start < length; start++)
        {
            Unsafe.Add(ref index0, count) = (int)start;
            count += (Unsafe.Add(ref x0, start) & MagnitudeMask) >= least ? 1u : 0;
        }

        for (nuint i = 0; i < count; i++)
        {
            Unsafe.Add(ref magnitude0, i) = Unsafe.Add(ref x0, (nuint)Unsafe.Add(ref index0, i)) & MagnitudeMask;
        }

        return (int)count;
    }

    // Branch-free: the indices of a register's entries that reach the threshold move together and are stored; the count says how many hold.
    [MethodImpl(LaneLoop.KernelOptions)]
    private static nuint CompressIndices(ref int x0, nuint length, int least, ref int index0, ref nuint start)
    {
        Vector512<int> magnitude = Vector512.Create(MagnitudeMask);
        Vector512<int> threshold = Vector512.Create(least);
        Vector512<int> indices = Vector512<int>.Indices;
        Vector512<int> width = Vector512.Create(16);
        nuint count = 0;
        nuint i = 0;
        for (; i + 16 <= length; i += 16)
        {
            Vector512<int> reached = Vector512.GreaterThanOrEqual(Vector512.LoadUnsafe(ref x0, i) & magnitude, threshold);
            Avx512F.Compress(Vector512<int>.Zero, reached, indices).StoreUnsafe(ref index0, count);
            count += (nuint)BitOperations.PopCount(reached.ExtractMostSignificantBits());
            indices += width;
        }

        start = i;
        return count;
    }

    // By masks of 64 entries.
    [MethodImpl(LaneLoop.KernelOptions)]
    private static nuint IndicesByMasks(ref int x0, nuint length, int least, ref int index0, ref nuint start)
    {
        nuint count = 0;
        nuint i = 0;
        for (; i + 64 <= length; i += 64)
        {
            ulong mask = SimdWidth.Lanes > 1 ? Mask256(ref x0, i, least) : MaskScalar(ref x0, i, least);
            for (; mask != 0; mask &= mask - 1)
            {
                Unsafe.Add(ref index0, count) = (int)i + BitOperations.TrailingZeroCount(mask);
                count++;
            }
        }

        start = i;
        return count;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Mask256(ref int x0, nuint start, int least)
    {
        Vector256<int> magnitude = Vector256.Create(MagnitudeMask);
        Vector256<int> threshold = Vector256.Create(least);
        ulong mask = 0;
        for (int part = 0; part < 8; part++)
        {
            Vector256<int> x = Vector256.LoadUnsafe(ref x0, start + (nuint)(8 * part)) & magnitude;
            mask |= (ulong)Vector256.GreaterThanOrEqual(x, threshold).ExtractMostSignificantBits() << (8 * part);
        }

        return mask;
    }

    private static ulong MaskScalar(ref int x0, nuint start, int least)
    {
        ulong mask = 0;
        for (int i = 0; i < 64; i++)
        {
            mask |= ((Unsafe.Add(ref x0, start + (nuint)i) & MagnitudeMask) >= least ? 1UL : 0UL) << i;
        }

        return mask;
    }

    // A threshold that exactly k magnitudes reach, or the k-th largest itself where ties leave no such threshold; above: how many exceed
    // it.
    [MethodImpl(LaneLoop.KernelOptions)]
    private static int KthLargest(ReadOnlySpan<int> magnitudes, int k, int least, out int above)
    {
        // Invariant: at least k magnitudes reach low, fewer than k reach high.
        long low = least;
        long high = Largest(magnitudes) + 1L;
        int reachLow = magnitudes.Length;
        above = 0;
        if (magnitudes.Length == k)
        {
            above = k;
            return least;
        }

        for (int round = 1; high - low > 1; round++)
        {
            // Where k would be if magnitudes were spread evenly, which comes near at once; at times the middle, so that the interval surely
            // shrinks.
            long middle = round % 3 == 0 ? (low + high) / 2 : low + 1 + ((high - low - 1) * (reachLow - k) / (reachLow - above + 1));
            int reached = CountAtLeast(magnitudes, (int)middle);
            if (reached == k)
            {
                above = k;
                return (int)middle;
            }

            if (reached > k)
            {
                low = middle;
                reachLow = reached;
            }
            else
            {
                high = middle;
                above = reached;
            }
        }

        return (int)low;
    }

    [MethodImpl(LaneLoop.KernelOptions)]
    private static int Largest(ReadOnlySpan<int> magnitudes)
    {
        ref int x0 = ref MemoryMarshal.GetReference(magnitudes);
        nuint length = (nuint)magnitudes.Length;
        nuint i = 0;
        int largest = 0;
        if (SimdWidth.Lanes > 1 && length >= 8)
        {
            Vector256<int> lanes = Vector256<int>.Zero;
            for (; i + 8 <= length; i += 8)
            {
                lanes = Vector256.Max(lanes, Vector256.LoadUnsafe(ref x0, i));
            }

            for (int lane = 0; lane < 8; lane++)
            {
                largest = Math.Max(largest, lanes.GetElement(lane));
            }
        }

        for (; i < length; i++)
        {
            largest = Math.Max(largest, Unsafe.Add(ref x0, i));
        }

        return largest;
    }

    [MethodImpl(LaneLoop.KernelOptions)]
    private static int CountAtLeast(ReadOnlySpan<int> magnitudes, int threshold)
    {
        ref int x0 = ref MemoryMarshal.GetReference(magnitudes);
        nuint length = (nuint)magnitudes.Length;
        nuint i = 0;
        int count = 0;
        if (SimdWidth.Lanes > 1)
        {
            Vector256<int> limit = Vector256.Create(threshold);
            Vector256<int> counts = Vector256<int>.Zero;
            for (; i + 8 <= length; i += 8)
            {
                // A comparison that holds is -1.
                counts -= Vector256.GreaterThanOrEqual(Vector256.LoadUnsafe(ref x0, i), limit);
            }

            count = Vector256.Sum(counts);
        }

        for (; i < length; i++)
        {
            count += Unsafe.Add(ref x0, i) >= threshold ? 1 : 0;
        }

        return count;
    }

    // All candidates above the threshold, and the first so many of those equal to it. Where exactly k reach it, none is tied: ties is 0,
    // and the equal ones are counted above. Branch-free there, since which candidates are kept cannot be predicted.
    [MethodImpl(LaneLoop.KernelOptions)]
    private static void Emit(Span<int> candidates, ReadOnlySpan<int> magnitudes, int threshold, int ties, Span<ushort> kept)
    {
        ref int index0 = ref MemoryMarshal.GetReference(candidates);
        ref int magnitude0 = ref MemoryMarshal.GetReference(magnitudes);
        nuint length = (nuint)candidates.Length;
        nuint count = 0;
        nuint i = 0;
        if (ties == 0)
        {
            if (SimdWidth.Lanes == 16 && Avx512F.IsSupported)
            {
                // A register is stored where at most as many were read before, so it overwrites nothing that is still wanted.
                for (; i + 16 <= length; i += 16)
                {
                    Vector512<int> magnitude = Vector512.LoadUnsafe(ref magnitude0, i);
                    Vector512<int> reached = Vector512.GreaterThanOrEqual(magnitude, Vector512.Create(threshold));
                    Avx512F.Compress(Vector512<int>.Zero, reached, Vector512.LoadUnsafe(ref index0, i)).StoreUnsafe(ref index0, count);
                    count += (nuint)BitOperations.PopCount(reached.ExtractMostSignificantBits());
                }
            }

            for (; i < length; i++)
            {
                Unsafe.Add(ref index0, count) = Unsafe.Add(ref index0, i);
                count += (uint)(threshold - 1 - Unsafe.Add(ref magnitude0, i)) >> 31;
            }
        }
        else
        {
            for (; i < length; i++)
            {
                int own = Unsafe.Add(ref magnitude0, i);
                Unsafe.Add(ref index0, count) = Unsafe.Add(ref index0, i);
                count += own > threshold || (own == threshold && ties-- > 0) ? 1u : 0;
            }
        }

        ref ushort kept0 = ref MemoryMarshal.GetReference(kept);
        for (i = 0; i < (nuint)kept.Length; i++)
        {
            Unsafe.Add(ref kept0, i) = (ushort)Unsafe.Add(ref index0, i);
        }
    }
}
