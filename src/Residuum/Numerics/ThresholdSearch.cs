using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Residuum.Numerics;

/// <summary>
/// Narrows down where the k-th largest of some magnitudes is. Magnitudes are compared by their bit patterns, which rise with them.
/// </summary>
/// <remarks>Each round counts in one pass, 4 bytes a number, how many reach a pattern of the interval that is left.</remarks>
internal ref struct ThresholdSearch
{
    private const int MagnitudeMask = 0x7FFFFFFF;

    // What the bit pattern of a number and of its double differ by.
    private const int Octave = 1 << 23;

    // Wider intervals are gone through from above, by 1, 2, 4, then 8 octaves: where most numbers are far smaller than the largest, counts
    // do not tell where to look.
    private const int MostOctaves = 8;
    private const long Wide = (long)MostOctaves * Octave;

    // Every so many rounds the interval is drawn in to the magnitudes that are there. Among many equal ones halving would take long.
    private const int RoundsToDrawIn = 6;

    private readonly ReadOnlySpan<int> _bits;
    private readonly int _k;

    // At least k magnitudes reach low, fewer than k reach high.
    private long _low;
    private long _high;

    /// <summary>Begins a search.</summary>
    /// <param name="bits">Bit patterns; signs are ignored.</param>
    /// <param name="k">1 to their number.</param>
    /// <param name="low">A pattern that all magnitudes reach.</param>
    public ThresholdSearch(ReadOnlySpan<int> bits, int k, int low)
    {
        _bits = bits;
        _k = k;
        _low = low;
        _high = Largest(bits) + 1L;
        Reached = bits.Length;
    }

    /// <summary>A pattern that at least k magnitudes reach.</summary>
    public readonly int Threshold => (int)_low;

    /// <summary>How many reach it.</summary>
    public int Reached { get; private set; }

    /// <summary>Where <see cref="IsExact"/>: how many exceed it, fewer than k.</summary>
    public int Above { get; private set; }

    /// <summary>Whether the threshold is the k-th largest magnitude itself.</summary>
    public readonly bool IsExact => _high - _low <= 1;

    /// <summary>Searches until few enough magnitudes reach the threshold, or it is exact.</summary>
    /// <param name="enough">At least k.</param>
    [MethodImpl(LaneLoop.KernelOptions)]
    public void Run(int enough)
    {
        long low = _low;
        long high = _high;
        int octaves = 1;
        for (int round = 1; Reached > enough && high - low > 1; round++)
        {
            if (round % RoundsToDrawIn == 0)
            {
                DrawIn(ref low, ref high);
                continue;
            }

            // Where k would be if magnitudes were spread evenly, which comes near at once; at times the middle, so that the interval surely
            // shrinks.
            long width = high - low;
            long middle = width > Wide ? high - ((long)octaves * Octave)
                : round % 3 == 0 ? (low + high) / 2
                : low + 1 + ((width - 1) * (Reached - _k) / (Reached - Above + 1));
            int reached = CountAtLeast(_bits, (int)middle);
            if (reached < _k)
            {
                high = middle;
                Above = reached;
                octaves = Math.Min(2 * octaves, MostOctaves);
            }
            else
            {
                low = middle;
                Reached = reached;
            }
        }

        _low = low;
        _high = high;
    }

    [MethodImpl(LaneLoop.KernelOptions)]
    private static int Largest(ReadOnlySpan<int> bits)
    {
        ref int x0 = ref MemoryMarshal.GetReference(bits);
        nuint length = (nuint)bits.Length;
        nuint i = 0;
        int largest = 0;
        if (SimdWidth.Lanes > 1 && length >= 8)
        {
            Vector256<int> mask = Vector256.Create(MagnitudeMask);
            Vector256<int> lanes = Vector256<int>.Zero;
            for (; i + 8 <= length; i += 8)
            {
                lanes = Vector256.Max(lanes, Vector256.LoadUnsafe(ref x0, i) & mask);
            }

            for (int lane = 0; lane < 8; lane++)
            {
                largest = Math.Max(largest, lanes.GetElement(lane));
            }
        }

        for (; i < length; i++)
        {
            largest = Math.Max(largest, Unsafe.Add(ref x0, i) & MagnitudeMask);
        }

        return largest;
    }

    [MethodImpl(LaneLoop.KernelOptions)]
    private static int CountAtLeast(ReadOnlySpan<int> bits, int threshold)
    {
        // Of a few dozen candidates, half as wide as registers may be is faster.
        ref int x0 = ref MemoryMarshal.GetReference(bits);
        nuint length = (nuint)bits.Length;
        nuint i = 0;
        int count = 0;
        if (SimdWidth.Lanes > 1)
        {
            Vector256<int> mask = Vector256.Create(MagnitudeMask);
            Vector256<int> limit = Vector256.Create(threshold);
            Vector256<int> counts = Vector256<int>.Zero;
            for (; i + 8 <= length; i += 8)
            {
                // A comparison that holds is -1.
                counts -= Vector256.GreaterThanOrEqual(Vector256.LoadUnsafe(ref x0, i) & mask, limit);
            }

            count = Vector256.Sum(counts);
        }

        for (; i < length; i++)
        {
            count += (Unsafe.Add(ref x0, i) & MagnitudeMask) >= threshold ? 1 : 0;
        }

        return count;
    }

    // The interval from the smallest magnitude in it to the largest: as many reach its ends as before.
    [MethodImpl(LaneLoop.KernelOptions)]
    private readonly void DrawIn(ref long low, ref long high)
    {
        ref int x0 = ref MemoryMarshal.GetReference(_bits);
        nuint length = (nuint)_bits.Length;
        nuint i = 0;
        int first = (int)low;
        int last = (int)(high - 1);
        int smallest = last;
        int largest = first;
        if (SimdWidth.Lanes > 1 && length >= 8)
        {
            Vector256<int> mask = Vector256.Create(MagnitudeMask);
            Vector256<int> firsts = Vector256.Create(first);
            Vector256<int> lasts = Vector256.Create(last);
            Vector256<int> smallests = lasts;
            Vector256<int> largests = firsts;
            for (; i + 8 <= length; i += 8)
            {
                Vector256<int> x = Vector256.LoadUnsafe(ref x0, i) & mask;
                smallests = Vector256.Min(smallests, Vector256.ConditionalSelect(Vector256.LessThan(x, firsts), lasts, x));
                largests = Vector256.Max(largests, Vector256.ConditionalSelect(Vector256.GreaterThan(x, lasts), firsts, x));
            }

            for (int lane = 0; lane < 8; lane++)
            {
                smallest = Math.Min(smallest, smallests.GetElement(lane));
                largest = Math.Max(largest, largests.GetElement(lane));
            }
        }

        for (; i < length; i++)
        {
            int x = Unsafe.Add(ref x0, i) & MagnitudeMask;
            smallest = x >= first && x < smallest ? x : smallest;
            largest = x <= last && x > largest ? x : largest;
        }

        low = smallest;
        high = largest + 1L;
    }
}
