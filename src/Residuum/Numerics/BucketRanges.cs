using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Residuum.Numerics;

/// <summary>
/// The range of every bucket of the 4-bit quantizer and the distance of its levels (methods page of MicroAdam, section 5).
/// </summary>
internal static class BucketRanges
{
    private const float Intervals = 15;

    /// <summary>The exact smallest and largest entry of each bucket. Negative zero counts as zero.</summary>
    public static void Find(ReadOnlySpan<float> values, Span<float> low, Span<float> high, int bucketSize)
    {
        Check(low.Length, values.Length, bucketSize);
        Check(high.Length, values.Length, bucketSize);
        switch (FourBitBuckets.LanesFor(bucketSize))
        {
            case 16:
                Find<Lanes16>(values, low, high, bucketSize);
                break;
            case 8:
                Find<Lanes8>(values, low, high, bucketSize);
                break;
            default:
                Find<Lanes1>(values, low, high, bucketSize);
                break;
        }
    }

    /// <summary><c>step = (high - low) / 15</c> of each bucket.</summary>
    /// <param name="low">The lower ends.</param>
    /// <param name="high">The upper ends, and then the steps.</param>
    public static void Steps(ReadOnlySpan<float> low, Span<float> high)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(low.Length, high.Length, nameof(low));
        StepKernel kernel = new() { Low = low, High = high };
        LaneLoop.Run(ref kernel, high.Length);
    }

    /// <summary>Throws unless there is a range for every bucket.</summary>
    public static void Check(int buckets, int length, int bucketSize)
    {
        long wanted = ((long)length + bucketSize - 1) / bucketSize;
        if (buckets != wanted)
        {
            throw new ArgumentException(
                $"{length} entries in buckets of {bucketSize} need {wanted} ranges, but there are {buckets}.", nameof(buckets));
        }
    }

    [MethodImpl(LaneLoop.KernelOptions)]
    private static void Find<TLanes>(ReadOnlySpan<float> values, Span<float> low, Span<float> high, int bucketSize)
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

    private ref struct StepKernel : ILaneKernel
    {
        public ReadOnlySpan<float> Low;
        public Span<float> High;

        [MethodImpl(LaneLoop.KernelOptions)]
        public readonly nuint Run<TLanes>(nuint start, nuint end)
            where TLanes : struct, ILanes<TLanes>
        {
            ref float low0 = ref MemoryMarshal.GetReference(Low);
            ref float high0 = ref MemoryMarshal.GetReference(High);
            TLanes intervals = TLanes.All(Intervals);
            nuint i = start;
            for (; i + TLanes.Width <= end; i += TLanes.Width)
            {
                ((TLanes.Load(ref high0, i) - TLanes.Load(ref low0, i)) / intervals).Store(ref high0, i);
            }

            return i;
        }
    }
}
