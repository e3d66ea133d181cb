using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Residuum.Numerics;

/// <summary>Finds the k entries of largest magnitude: exactly k, ties to the lower index, in rising order of the index.</summary>
/// <remarks>
/// Magnitudes are compared by their bit patterns, which rise with them. A guessed threshold filters the few candidates out of the block,
/// and a search among them finds the exact k-th largest. Where the guess fails, a search over the block finds a better one: gradients that
/// are often 0, as of embeddings, change from one step to the next. The guess affects the time alone, never the result.
/// </remarks>
internal static class TopKSelection
{
    /// <summary>Entries of scratch for candidates beyond the block's length: whole registers are stored there.</summary>
    public const int Slack = 16;

    // So many candidates are looked at one by one rather than in another pass over the block: 8 k and 64.
    private const int FewTimes = 8;
    private const int Few = 64;

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

        ReadOnlySpan<int> bits = MemoryMarshal.Cast<float, int>(values);
        int threshold = guess > 0 ? BitConverter.SingleToInt32Bits(guess) : 0;
        int count = threshold > 0 ? Filter(bits, threshold, candidates, magnitudes) : 0;
        if (count < k)
        {
            // The guess was too high. What is searched for is a better one, if not the k-th largest at once: among many equal entries.
            ThresholdSearch ofBlock = new(bits, k, low: 0);
            ofBlock.Run((FewTimes * k) + Few);
            if (ofBlock.IsExact)
            {
                EmitWithTies(bits, ofBlock.Threshold, k - ofBlock.Above, kept);
                return;
            }

            threshold = ofBlock.Threshold;
            count = Filter(bits, threshold, candidates, magnitudes);
        }

        ThresholdSearch search = new(magnitudes[..count], k, threshold);
        search.Run(k);
        if (search.Reached == k)
        {
            Emit(candidates[..count], magnitudes, search.Threshold, kept);
        }
        else
        {
            EmitWithTies(bits, search.Threshold, k - search.Above, kept);
        }
    }

    // Indices and magnitudes of the entries that reach the threshold.
    [MethodImpl(LaneLoop.KernelOptions)]
    private static int Filter(ReadOnlySpan<int> bits, int least, Span<int> candidates, Span<int> magnitudes)
    {
        ref int x0 = ref MemoryMarshal.GetReference(bits);
        ref int index0 = ref MemoryMarshal.GetReference(candidates);
        ref int magnitude0 = ref MemoryMarshal.GetReference(magnitudes);
        nuint length = (nuint)bits.Length;
        nuint start = 0;
        nuint count = SimdWidth.Lanes == 16 && Avx512F.IsSupported
            ? CompressIndices(ref x0, length, least, ref index0, ref start)
            : IndicesByMasks(ref x0, length, least, ref index0, ref start);
        for (; start < length; start++)
        {
            Unsafe.Add(ref index0, count) = (int)start;
            count += (Unsafe.Add(ref x0, start) & MagnitudeMasks.Magnitude) >= least ? 1u : 0;
        }

        for (nuint i = 0; i < count; i++)
        {
            Unsafe.Add(ref magnitude0, i) = Unsafe.Add(ref x0, (nuint)Unsafe.Add(ref index0, i)) & MagnitudeMasks.Magnitude;
        }

        return (int)count;
    }

    // Branch-free: the indices of a register's entries that reach the threshold move together and are stored; the count says how many hold.
    [MethodImpl(LaneLoop.KernelOptions)]
    private static nuint CompressIndices(ref int x0, nuint length, int least, ref int index0, ref nuint start)
    {
        Vector512<int> magnitude = Vector512.Create(MagnitudeMasks.Magnitude);
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
        for (; i + MagnitudeMasks.Width <= length; i += MagnitudeMasks.Width)
        {
            ulong mask = SimdWidth.Lanes > 1
                ? MagnitudeMasks.OfWhole(ref x0, i, least)
                : MagnitudeMasks.OfEach(ref x0, i, least, MagnitudeMasks.Width);
            for (; mask != 0; mask &= mask - 1)
            {
                Unsafe.Add(ref index0, count) = (int)i + BitOperations.TrailingZeroCount(mask);
                count++;
            }
        }

        start = i;
        return count;
    }

    // The candidates that reach a threshold which exactly k reach. Branch-free, since which are kept cannot be predicted.
    [MethodImpl(LaneLoop.KernelOptions)]
    private static void Emit(Span<int> candidates, ReadOnlySpan<int> magnitudes, int threshold, Span<ushort> kept)
    {
        ref int index0 = ref MemoryMarshal.GetReference(candidates);
        ref int magnitude0 = ref MemoryMarshal.GetReference(magnitudes);
        nuint length = (nuint)candidates.Length;
        nuint count = 0;
        nuint i = 0;
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

        ref ushort kept0 = ref MemoryMarshal.GetReference(kept);
        for (i = 0; i < (nuint)kept.Length; i++)
        {
            Unsafe.Add(ref kept0, i) = (ushort)Unsafe.Add(ref index0, i);
        }
    }

    // All entries of the block above the threshold, and the first so many of those equal to it. Where these are all, as in a block of
    // zeros, the first registers give them.
    [MethodImpl(LaneLoop.KernelOptions)]
    private static void EmitWithTies(ReadOnlySpan<int> bits, int threshold, int ties, Span<ushort> kept)
    {
        ref int x0 = ref MemoryMarshal.GetReference(bits);
        int count = 0;
        for (int start = 0; count < kept.Length; start += MagnitudeMasks.Width)
        {
            int least = ties > 0 ? threshold : threshold + 1;
            for (ulong mask = MagnitudeMasks.AtLeast(bits, start, least); mask != 0 && count < kept.Length; mask &= mask - 1)
            {
                int index = start + BitOperations.TrailingZeroCount(mask);
                int magnitude = Unsafe.Add(ref x0, index) & MagnitudeMasks.Magnitude;
                if (magnitude > threshold || (magnitude == threshold && ties-- > 0))
                {
                    kept[count++] = (ushort)index;
                }
            }
        }
    }
}
