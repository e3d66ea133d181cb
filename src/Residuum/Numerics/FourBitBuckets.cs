using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Residuum.Numerics;

/// <summary>The kernels of the 4-bit quantizer with a range per bucket (methods page of MicroAdam, section 5).</summary>
/// <remarks>Element i of a span belongs to bucket i / size: spans begin where a bucket begins. A bucket's size is even, so that it begins on a byte.</remarks>
internal static class FourBitBuckets
{
    /// <summary>The widest registers that never straddle two buckets; every width gives the same bits.</summary>
    public static int LanesFor(int bucketSize) => Math.Min(SimdWidth.Lanes, bucketSize % 16 == 0 ? 16 : bucketSize % 8 == 0 ? 8 : 1);

    /// <summary><c>result = term + code * step + low</c>; with an empty <paramref name="term"/>, only the dequantized part (5.3).</summary>
    /// <remarks>
    /// Moves 8.5 bytes an element, 2 flops. Product and sum are rounded one after the other: 15 * step then mostly rounds to exactly high - low and
    /// level 15 to exactly high, so that a bucket whose gradients are zero keeps its range. Fused, it would exceed high more often,
    /// and a bfloat16 range would grow outward.
    /// </remarks>
    public static void AddDequantized(
        ReadOnlySpan<float> term, Span<float> result, ReadOnlySpan<byte> codes, ReadOnlySpan<float> low, ReadOnlySpan<float> step, int bucketSize)
    {
        CheckCodes(codes, low, step, result.Length, bucketSize);
        if (!term.IsEmpty && term.Length != result.Length)
        {
            throw new ArgumentException($"The term has {term.Length} entries; it must have {result.Length}.", nameof(term));
        }

        DequantizeKernel kernel = new() { Term = term, Result = result, Codes = codes, Low = low, Step = step, BucketSize = (nuint)bucketSize };
        LaneLoop.Run(ref kernel, result.Length, LanesFor(bucketSize));
    }

    /// <summary>The exact smallest and largest entry of each bucket. Negative zero counts as zero.</summary>
    public static void Ranges(ReadOnlySpan<float> values, Span<float> low, Span<float> high, int bucketSize)
    {
        CheckBuckets(low.Length, values.Length, bucketSize);
        CheckBuckets(high.Length, values.Length, bucketSize);
        switch (LanesFor(bucketSize))
        {
            case 16:
                Ranges<Lanes16>(values, low, high, bucketSize);
                break;
            case 8:
                Ranges<Lanes8>(values, low, high, bucketSize);
                break;
            default:
                Ranges<Lanes1>(values, low, high, bucketSize);
                break;
        }
    }

    /// <summary><c>code = floor((x - low) / step + 0.5)</c>, limited to 0 to 15 (5.2). An infinite step gives code 0.</summary>
    /// <remarks>
    /// Divided as on the page: an entry halfway between two levels, frequent among bfloat16 numbers, may round otherwise with a reciprocal
    /// or a fused sum.
    /// </remarks>
    /// <param name="values">x. Moves 4.5 bytes an element, 4 flops.</param>
    /// <param name="codes">Two codes a byte; an odd length leaves the last low half 0.</param>
    /// <param name="low">The low end of each bucket's range.</param>
    /// <param name="step">The distance of two levels of each bucket, infinite for a constant one.</param>
    /// <param name="bucketSize">Elements of a bucket.</param>
    public static void Quantize(ReadOnlySpan<float> values, Span<byte> codes, ReadOnlySpan<float> low, ReadOnlySpan<float> step, int bucketSize)
    {
        CheckCodes(codes, low, step, values.Length, bucketSize);
        if (values.Length % 2 == 1)
        {
            codes[values.Length / 2] = 0;
        }

        QuantizeKernel kernel = new() { Values = values, Codes = codes, Low = low, Step = step, BucketSize = (nuint)bucketSize };
        LaneLoop.Run(ref kernel, values.Length, LanesFor(bucketSize));
    }

    [MethodImpl(LaneLoop.KernelOptions)]
    private static void Ranges<TLanes>(ReadOnlySpan<float> values, Span<float> low, Span<float> high, int bucketSize)
        where TLanes : struct, ILanes<TLanes>
    {
        ref float x0 = ref MemoryMarshal.GetReference(values);
        nuint length = (nuint)values.Length;
        nuint i = 0;
        for (int bucket = 0; bucket < low.Length; bucket++)
        {
            nuint end = Math.Min(i + (nuint)bucketSize, length);
            float smallest = values[(int)i];
            float largest = smallest;
            if (end - i >= TLanes.Width)
            {
                TLanes minimum = TLanes.Load(ref x0, i);
                TLanes maximum = minimum;
                for (i += TLanes.Width; i + TLanes.Width <= end; i += TLanes.Width)
                {
                    TLanes x = TLanes.Load(ref x0, i);
                    minimum = TLanes.Min(x, minimum);
                    maximum = TLanes.Max(x, maximum);
                }

                smallest = minimum.MinAcross();
                largest = maximum.MaxAcross();
            }

            for (; i < end; i++)
            {
                float x = Unsafe.Add(ref x0, i);
                smallest = x < smallest ? x : smallest;
                largest = x > largest ? x : largest;
            }

            // Adding zero turns -0 into +0: which of the two came first depends on the width.
            low[bucket] = smallest + 0f;
            high[bucket] = largest + 0f;
        }
    }

    private static void CheckCodes(ReadOnlySpan<byte> codes, ReadOnlySpan<float> low, ReadOnlySpan<float> perBucket, int length, int bucketSize)
    {
        if (codes.Length != (length + 1) / 2)
        {
            throw new ArgumentException($"{length} codes need {(length + 1) / 2} bytes, but there are {codes.Length}.", nameof(codes));
        }

        CheckBuckets(low.Length, length, bucketSize);
        CheckBuckets(perBucket.Length, length, bucketSize);
    }

    private static void CheckBuckets(int buckets, int length, int bucketSize)
    {
        if (buckets != (length + bucketSize - 1) / bucketSize)
        {
            throw new ArgumentException($"{length} entries in buckets of {bucketSize} need {(length + bucketSize - 1) / bucketSize} ranges, but there are {buckets}.", nameof(buckets));
        }
    }

    private ref struct DequantizeKernel : ILaneKernel
    {
        public ReadOnlySpan<float> Term;
        public Span<float> Result;
        public ReadOnlySpan<byte> Codes;
        public ReadOnlySpan<float> Low;
        public ReadOnlySpan<float> Step;
        public nuint BucketSize;

        [MethodImpl(LaneLoop.KernelOptions)]
        public readonly nuint Run<TLanes>(nuint start, nuint end)
            where TLanes : struct, ILanes<TLanes>
        {
            ref float g0 = ref MemoryMarshal.GetReference(Term);
            ref float a0 = ref MemoryMarshal.GetReference(Result);
            ref byte code0 = ref MemoryMarshal.GetReference(Codes);
            bool hasTerm = !Term.IsEmpty;
            nuint i = start;
            while (i + TLanes.Width <= end)
            {
                int bucket = (int)(i / BucketSize);
                nuint bucketEnd = Math.Min(((nuint)bucket + 1) * BucketSize, end);
                TLanes low = TLanes.All(Low[bucket]);
                TLanes step = TLanes.All(Step[bucket]);
                nuint first = i;
                if (hasTerm)
                {
                    for (; i + TLanes.Width <= bucketEnd; i += TLanes.Width)
                    {
                        TLanes error = (TLanes.LoadNibbles(ref code0, i) * step) + low;
                        (TLanes.Load(ref g0, i) + error).Store(ref a0, i);
                    }
                }
                else
                {
                    for (; i + TLanes.Width <= bucketEnd; i += TLanes.Width)
                    {
                        ((TLanes.LoadNibbles(ref code0, i) * step) + low).Store(ref a0, i);
                    }
                }

                if (i == first)
                {
                    break;
                }
            }

            return i;
        }
    }

    private ref struct QuantizeKernel : ILaneKernel
    {
        public ReadOnlySpan<float> Values;
        public Span<byte> Codes;
        public ReadOnlySpan<float> Low;
        public ReadOnlySpan<float> Step;
        public nuint BucketSize;

        [MethodImpl(LaneLoop.KernelOptions)]
        public readonly nuint Run<TLanes>(nuint start, nuint end)
            where TLanes : struct, ILanes<TLanes>
        {
            ref float x0 = ref MemoryMarshal.GetReference(Values);
            ref byte code0 = ref MemoryMarshal.GetReference(Codes);
            TLanes half = TLanes.All(0.5f);
            TLanes zero = TLanes.All(0);
            TLanes largest = TLanes.All(15);
            nuint i = start;
            while (i + TLanes.Width <= end)
            {
                int bucket = (int)(i / BucketSize);
                nuint bucketEnd = Math.Min(((nuint)bucket + 1) * BucketSize, end);
                TLanes low = TLanes.All(Low[bucket]);
                TLanes step = TLanes.All(Step[bucket]);
                nuint first = i;
                for (; i + TLanes.Width <= bucketEnd; i += TLanes.Width)
                {
                    TLanes level = ((TLanes.Load(ref x0, i) - low) / step) + half;
                    TLanes.Max(TLanes.Min(level, largest), zero).StoreNibbles(ref code0, i);
                }

                if (i == first)
                {
                    break;
                }
            }

            return i;
        }
    }
}
