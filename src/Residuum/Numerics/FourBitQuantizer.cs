using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Residuum.Numerics;

/// <summary>The kernel of <see cref="FourBitBuckets.Quantize"/>.</summary>
/// <remarks>
/// (x - low) / step + 1/2 in fixed point with 16 binary places, by the inverse of the step. It differs from the page's, rounded number by
/// less than a fifth of the last place (products of at most 15 are off by three half units, 2^-24 each, and sums by 2^-21), so only within
/// one place of a whole number can the two have different whole parts.
/// </remarks>
internal ref struct FourBitQuantizer : ILaneKernel
{
    private const int Places = 16;
    private const float One = 1 << Places;

    // The number is shifted up by one place: within a place of a whole number, its fraction is then below two places.
    private const float Unsure = 2;

    // At most so many elements are divided because one of them is unsure.
    private const int Stretch = 256;

    // Beyond these ends inverses and differences leave the range of float32.
    private const float Smallest = 1e-30f;
    private const float Largest = 1e30f;

    /// <summary>What is quantized.</summary>
    public ReadOnlySpan<float> Values;

    /// <summary>Two codes a byte.</summary>
    public Span<byte> Codes;

    /// <summary>The low end of each bucket's range.</summary>
    public ReadOnlySpan<float> Low;

    /// <summary>The distance of two levels of each bucket.</summary>
    public ReadOnlySpan<float> Step;

    /// <summary>Elements of a bucket.</summary>
    public nuint BucketSize;

    /// <summary>What is requested meanwhile.</summary>
    public ReadOnlySpan<float> Ahead;

    /// <inheritdoc/>
    [MethodImpl(LaneLoop.KernelOptions)]
    public readonly nuint Run<TLanes>(nuint start, nuint end)
        where TLanes : struct, ILanes<TLanes>
    {
        // Where the fast way ends before the end, a stretch begins that it cannot decide.
        nuint i = Multiply<TLanes>(start, end);
        while (i + TLanes.Width <= end)
        {
            i = Multiply<TLanes>(Divide<TLanes>(i, end), end);
        }

        return i;
    }

    // Stretch by stretch, up to one that the division must decide.
    [MethodImpl(LaneLoop.KernelOptions)]
    private readonly nuint Multiply<TLanes>(nuint start, nuint end)
        where TLanes : struct, ILanes<TLanes>
    {
        ref float x0 = ref MemoryMarshal.GetReference(Values);
        ref byte code0 = ref MemoryMarshal.GetReference(Codes);
        ref float ahead0 = ref MemoryMarshal.GetReference(Ahead);
        TLanes half = TLanes.All((One / 2) + 1);
        int bucket = (int)(start / BucketSize);
        nuint bucketEnd = Math.Min(((nuint)bucket + 1) * BucketSize, end);
        nuint i = start;
        while (i + TLanes.Width <= bucketEnd)
        {
            nuint first = i;
            nuint stretchEnd = Math.Min(i + Stretch, bucketEnd);
            float step = Step[bucket];
            TLanes low = TLanes.All(Low[bucket]);
            TLanes inverse = TLanes.All(step > 0 ? One / step : 0);
            TLanes surest = TLanes.AllBits(-1);
            for (; i + TLanes.Width <= stretchEnd; i += TLanes.Width)
            {
                TLanes code = TLanes.ToInteger(TLanes.Fma(TLanes.Load(ref x0, i) - low, inverse, half));
                surest = TLanes.MinHalves(surest, code);
                code.StoreUpperNibbles(ref code0, i);
                CacheLine.Request(in ahead0, i);
            }

            // Of a constant bucket all are code 0, as a product with 0 gives it.
            bool isOrdinary = (step == 0 || (step >= Smallest && step <= Largest)) && MathF.Abs(Low[bucket]) <= Largest;
            if (!isOrdinary || IsUnsure(surest))
            {
                return first;
            }

            if (i == bucketEnd)
            {
                bucket++;
                bucketEnd = Math.Min(bucketEnd + BucketSize, end);
            }
        }

        return i;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool IsUnsure<TLanes>(TLanes code)
        where TLanes : struct, ILanes<TLanes>
    {
        TLanes fraction = TLanes.FromInteger(TLanes.AndBits(code, TLanes.AllBits((1 << Places) - 1)));
        return TLanes.AnyGreaterThan(TLanes.All(Unsure), fraction);
    }

    // The whole registers of one stretch, as the page has them.
    [MethodImpl(LaneLoop.KernelOptions)]
    private readonly nuint Divide<TLanes>(nuint start, nuint end)
        where TLanes : struct, ILanes<TLanes>
    {
        ref float x0 = ref MemoryMarshal.GetReference(Values);
        ref byte code0 = ref MemoryMarshal.GetReference(Codes);
        int bucket = (int)(start / BucketSize);
        nuint stretchEnd = Math.Min(Math.Min(((nuint)bucket + 1) * BucketSize, start + Stretch), end);
        TLanes low = TLanes.All(Low[bucket]);
        TLanes step = TLanes.All(Step[bucket] > 0 ? Step[bucket] : float.PositiveInfinity);
        TLanes half = TLanes.All(0.5f);
        nuint i = start;
        for (; i + TLanes.Width <= stretchEnd; i += TLanes.Width)
        {
            TLanes level = ((TLanes.Load(ref x0, i) - low) / step) + half;
            TLanes code = TLanes.ToInteger(TLanes.Max(TLanes.Min(level, TLanes.All(15)), TLanes.All(0)));
            TLanes.ShiftBitsLeft(code, Places).StoreUpperNibbles(ref code0, i);
        }

        return i;
    }
}
