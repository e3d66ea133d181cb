using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Residuum.Numerics;

/// <summary>Finds the k entries of largest magnitude: exactly k, ties to the lower index, in rising order of the index.</summary>
/// <remarks>
/// Magnitudes are compared by their bit patterns, which rise with them. A guessed threshold filters the few candidates out of the block, and a
/// bisection over their bit patterns finds the exact k-th largest. The guess affects the time alone, never the result.
/// </remarks>
internal static class TopKSelection
{
    private const int MagnitudeMask = 0x7FFFFFFF;

    /// <summary>The bytes of scratch that <see cref="Select"/> needs for a block: an index and a magnitude per entry.</summary>
    public static long ScratchBytes(int blockLength) => (long)blockLength * (sizeof(ushort) + sizeof(int));

    /// <summary>Writes the indices of the k largest magnitudes.</summary>
    /// <param name="values">The block, at most 65,536 entries. Read once or a few times: 4 bytes an entry each.</param>
    /// <param name="k">1 to the block's length.</param>
    /// <param name="guess">A threshold that k or somewhat more magnitudes may reach; 0 or less if nothing is known.</param>
    /// <param name="kept">The k indices.</param>
    /// <param name="candidates">Scratch of the block's length.</param>
    /// <param name="magnitudes">Scratch of the block's length.</param>
    public static void Select(ReadOnlySpan<float> values, int k, float guess, Span<ushort> kept, Span<ushort> candidates, Span<int> magnitudes)
    {
        if (k < 1 || k > values.Length || values.Length > 65_536 || kept.Length != k
            || candidates.Length < values.Length || magnitudes.Length < values.Length)
        {
            throw new ArgumentException($"Cannot keep {k} of {values.Length} entries in {kept.Length} places with scratch of {candidates.Length} and {magnitudes.Length}.");
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

    // Indices and magnitudes of the entries that reach the threshold, by masks of 64 entries.
    [MethodImpl(LaneLoop.KernelOptions)]
    private static int Filter(ReadOnlySpan<float> values, float threshold, Span<ushort> candidates, Span<int> magnitudes)
    {
        ref int x0 = ref Unsafe.As<float, int>(ref MemoryMarshal.GetReference(values));
        ref ushort index0 = ref MemoryMarshal.GetReference(candidates);
        ref int magnitude0 = ref MemoryMarshal.GetReference(magnitudes);
        int least = BitConverter.SingleToInt32Bits(threshold);
        int lanes = SimdWidth.Lanes;
        nuint length = (nuint)values.Length;
        nuint count = 0;
        nuint start = 0;
        for (; start + 64 <= length; start += 64)
        {
            ulong mask = lanes switch
            {
                16 => Mask512(ref x0, start, least),
                8 => Mask256(ref x0, start, least),
                _ => MaskScalar(ref x0, start, 64, least),
            };
            for (; mask != 0; mask &= mask - 1)
            {
                nuint i = start + (nuint)BitOperations.TrailingZeroCount(mask);
                Unsafe.Add(ref index0, count) = (ushort)i;
                Unsafe.Add(ref magnitude0, count) = Unsafe.Add(ref x0, i) & MagnitudeMask;
                count++;
            }
        }

        for (; start < length; start++)
        {
            int magnitude = Unsafe.Add(ref x0, start) & MagnitudeMask;
            Unsafe.Add(ref index0, count) = (ushort)start;
            Unsafe.Add(ref magnitude0, count) = magnitude;
            count += magnitude >= least ? 1u : 0;
        }

        return (int)count;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Mask512(ref int x0, nuint start, int least)
    {
        Vector512<int> magnitude = Vector512.Create(MagnitudeMask);
        Vector512<int> threshold = Vector512.Create(least);
        ulong mask = Vector512.GreaterThanOrEqual(Vector512.LoadUnsafe(ref x0, start) & magnitude, threshold).ExtractMostSignificantBits();
        mask |= Vector512.GreaterThanOrEqual(Vector512.LoadUnsafe(ref x0, start + 16) & magnitude, threshold).ExtractMostSignificantBits() << 16;
        mask |= Vector512.GreaterThanOrEqual(Vector512.LoadUnsafe(ref x0, start + 32) & magnitude, threshold).ExtractMostSignificantBits() << 32;
        return mask | (Vector512.GreaterThanOrEqual(Vector512.LoadUnsafe(ref x0, start + 48) & magnitude, threshold).ExtractMostSignificantBits() << 48);
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

    private static ulong MaskScalar(ref int x0, nuint start, int length, int least)
    {
        ulong mask = 0;
        for (int i = 0; i < length; i++)
        {
            mask |= ((Unsafe.Add(ref x0, start + (nuint)i) & MagnitudeMask) >= least ? 1UL : 0UL) << i;
        }

        return mask;
    }

    // A threshold that exactly k magnitudes reach, or the k-th largest itself where ties leave no such threshold; above: how many exceed it.
    [MethodImpl(LaneLoop.KernelOptions)]
    private static int KthLargest(ReadOnlySpan<int> magnitudes, int k, int least, out int above)
    {
        // Invariant: at least k magnitudes reach low, fewer than k reach high.
        long low = least;
        long high = Largest(magnitudes) + 1L;
        above = 0;
        if (magnitudes.Length == k)
        {
            above = k;
            return least;
        }

        while (high - low > 1)
        {
            long middle = (low + high) / 2;
            int reached = CountAtLeast(magnitudes, (int)middle);
            if (reached == k)
            {
                above = k;
                return (int)middle;
            }

            if (reached > k)
            {
                low = middle;
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
    private static void Emit(Span<ushort> candidates, ReadOnlySpan<int> magnitudes, int threshold, int ties, Span<ushort> kept)
    {
        ref ushort index0 = ref MemoryMarshal.GetReference(candidates);
        ref int magnitude0 = ref MemoryMarshal.GetReference(magnitudes);
        nuint count = 0;
        if (ties == 0)
        {
            for (nuint i = 0; i < (nuint)candidates.Length; i++)
            {
                Unsafe.Add(ref index0, count) = Unsafe.Add(ref index0, i);
                count += (uint)(threshold - 1 - Unsafe.Add(ref magnitude0, i)) >> 31;
            }
        }
        else
        {
            for (nuint i = 0; i < (nuint)candidates.Length; i++)
            {
                int magnitude = Unsafe.Add(ref magnitude0, i);
                Unsafe.Add(ref index0, count) = Unsafe.Add(ref index0, i);
                count += magnitude > threshold || (magnitude == threshold && ties-- > 0) ? 1u : 0;
            }
        }

        candidates[..kept.Length].CopyTo(kept);
    }
}
