using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Residuum.Numerics;

/// <summary>The kernels of the 4-bit quantizer with a range per bucket (methods page of MicroAdam, section 5).</summary>
/// <remarks>
/// Element i of a span belongs to bucket i / size: spans begin where a bucket begins. A bucket's size is even, so that it begins on a byte.
/// </remarks>
internal static class FourBitBuckets
{
    /// <summary>The widest registers that never straddle two buckets; every width gives the same bits.</summary>
    public static int LanesFor(int bucketSize) => Math.Min(SimdWidth.Lanes, bucketSize % 16 == 0 ? 16 : bucketSize % 8 == 0 ? 8 : 1);

    /// <summary><c>result = term + code * step + low</c>; with an empty <paramref name="term"/>, only the dequantized part (5.3).</summary>
    /// <remarks>
    /// Moves 8.5 bytes an element, 2 flops. Product and sum are rounded one after the other: 15 * step then mostly rounds to exactly high -
    /// low and level 15 to exactly high, so that a bucket whose gradients are zero keeps its range. Fused, it would exceed high more often,
    /// and a bfloat16 range would grow outward.
    /// </remarks>
    public static void AddDequantized(
        ReadOnlySpan<float> term,
        Span<float> result,
        ReadOnlySpan<byte> codes,
        ReadOnlySpan<float> low,
        ReadOnlySpan<float> step,
        int bucketSize)
    {
        CheckCodes(codes, low, step, result.Length, bucketSize);
        if (!term.IsEmpty && term.Length != result.Length)
        {
            throw new ArgumentException($"The term has {term.Length} entries; it must have {result.Length}.", nameof(term));
        }

        DequantizeKernel kernel = new()
        {
            Term = term,
            Result = result,
            Codes = codes,
            Low = low,
            Step = step,
            BucketSize = (nuint)bucketSize,
        };
        LaneLoop.Run(ref kernel, result.Length, LanesFor(bucketSize));
    }

    /// <summary><c>code = floor((x - low) / step + 0.5)</c>, limited to 0 to 15 (5.2). A step of 0 gives code 0.</summary>
    /// <remarks>
    /// Exactly as on the page, where the quotient and the sum are rounded: an entry halfway between two levels, frequent among bfloat16
    /// numbers, must go where they send it. A product with the inverse, in fixed point, decides the others, and the division those near
    /// the middle.
    /// </remarks>
    /// <param name="values">x. Moves 4.5 bytes an element, 3 flops.</param>
    /// <param name="codes">Two codes a byte; an odd length leaves the last low half 0.</param>
    /// <param name="low">The low end of each bucket's range.</param>
    /// <param name="step">The distance of two levels of each bucket, 0 for a constant one.</param>
    /// <param name="bucketSize">Elements of a bucket.</param>
    /// <param name="ahead">What will be wanted next: requested from memory meanwhile, a line a register, as far as there are
    /// values.</param>
    public static void Quantize(
        ReadOnlySpan<float> values,
        Span<byte> codes,
        ReadOnlySpan<float> low,
        ReadOnlySpan<float> step,
        int bucketSize,
        ReadOnlySpan<float> ahead = default)
    {
        CheckCodes(codes, low, step, values.Length, bucketSize);
        if (values.Length % 2 == 1)
        {
            codes[values.Length / 2] = 0;
        }

        FourBitQuantizer kernel = new()
        {
            Values = values,
            Codes = codes,
            Low = low,
            Step = step,
            BucketSize = (nuint)bucketSize,
            Ahead = ahead,
        };
        LaneLoop.Run(ref kernel, values.Length, LanesFor(bucketSize));
    }

    private static void CheckCodes(
        ReadOnlySpan<byte> codes, ReadOnlySpan<float> low, ReadOnlySpan<float> perBucket, int length, int bucketSize)
    {
        if (codes.Length != (length + 1) / 2)
        {
            throw new ArgumentException($"{length} codes need {(length + 1) / 2} bytes, but there are {codes.Length}.", nameof(codes));
        }

        BucketRanges.Check(low.Length, length, bucketSize);
        BucketRanges.Check(perBucket.Length, length, bucketSize);
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
            for (int bucket = (int)(start / BucketSize); i + TLanes.Width <= end; bucket++)
            {
                nuint bucketEnd = Math.Min(((nuint)bucket + 1) * BucketSize, end);
                TLanes low = TLanes.All(Low[bucket]);
                TLanes step = TLanes.All(Step[bucket]);
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

                // A tail narrower than a register is left to one lane.
                if (i < bucketEnd)
                {
                    break;
                }
            }

            return i;
        }
    }
}
