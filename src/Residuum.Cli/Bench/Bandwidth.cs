using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Residuum.Numerics;

namespace Residuum.Cli.Bench;

/// <summary>What the machine's memory gives to plain streams, in GB/s (10^9 bytes, counted as the program sees them).</summary>
/// <param name="CopyGBs">A copy with ordinary stores: 8 bytes an entry.</param>
/// <param name="ReadGBs">Reading alone: 4 bytes an entry.</param>
/// <param name="UpdateGBs">The best of three in-place streams: 2 reads and 1 write, 3 and 2, 4 and 3 (AdamW's shape).</param>
internal sealed record Bandwidth(double CopyGBs, double ReadGBs, double UpdateGBs)
{
    private const int Repeats = 11;

    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(0.1);

    /// <summary>Measures, taking the median of a few repeats of each stream, as the steps are measured.</summary>
    /// <param name="length">Entries of each array; far beyond the caches to measure memory.</param>
    /// <param name="threads">How many threads stream.</param>
    public static Bandwidth Measure(int length, int threads)
    {
        WorkSharing work = new(threads);
        float[][] arrays = [.. Enumerable.Range(0, 4).Select(_ => Filled(length))];
        double copy = Rate(new Stream(arrays, reads: 1, isCopy: true), work, bytes: 8);
        double read = Rate(new Stream(arrays, reads: 1), work, bytes: 4);
        double update = Math.Max(
            Rate(new Stream(arrays, reads: 2), work, bytes: 12),
            Math.Max(Rate(new Stream(arrays, reads: 3), work, bytes: 20), Rate(new Stream(arrays, reads: 4), work, bytes: 28)));
        return new Bandwidth(copy, read, update);
    }

    private static float[] Filled(int length)
    {
        float[] array = new float[length];
        Array.Fill(array, 1);
        return array;
    }

    private static double Rate(Stream stream, WorkSharing work, int bytes)
    {
        // The pool's threads have to arrive first, and the pages to be mapped.
        long begin = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(begin) < WarmUp)
        {
            work.Run(stream, stream.Chunks);
        }

        double[] rates = new double[Repeats];
        for (int i = 0; i < Repeats; i++)
        {
            long start = Stopwatch.GetTimestamp();
            work.Run(stream, stream.Chunks);
            rates[i] = (double)bytes * stream.Length / Stopwatch.GetElapsedTime(start).TotalNanoseconds;
        }

        Array.Sort(rates);
        return rates[Repeats / 2];
    }

    private sealed class Stream(float[][] arrays, int reads, bool isCopy = false) : IWork
    {
        private const int ChunkElements = 65_536;

        public int Length => arrays[0].Length;

        public int Chunks => (Length + ChunkElements - 1) / ChunkElements;

        public void Run(int chunk, int worker)
        {
            int start = chunk * ChunkElements;
            int length = Math.Min(ChunkElements, Length - start);
            if (isCopy)
            {
                arrays[0].AsSpan(start, length).CopyTo(arrays[1].AsSpan(start));
                return;
            }

            StreamKernel kernel = new()
            {
                A = arrays[0].AsSpan(start, length),
                B = arrays[1].AsSpan(start, length),
                C = arrays[2].AsSpan(start, length),
                D = arrays[3].AsSpan(start, length),
                Reads = reads,
            };
            LaneLoop.Run(ref kernel, length);
        }
    }

    private ref struct StreamKernel : ILaneKernel
    {
        public Span<float> A;
        public Span<float> B;
        public Span<float> C;
        public Span<float> D;
        public int Reads;

        [MethodImpl(LaneLoop.KernelOptions)]
        public readonly nuint Run<TLanes>(nuint start, nuint end)
            where TLanes : struct, ILanes<TLanes>
        {
            ref float a = ref MemoryMarshal.GetReference(A);
            ref float b = ref MemoryMarshal.GetReference(B);
            ref float c = ref MemoryMarshal.GetReference(C);
            ref float d = ref MemoryMarshal.GetReference(D);
            TLanes factor = TLanes.All(0.5f);
            nuint i = start;
            switch (Reads)
            {
                case 1:
                    TLanes largest = factor;
                    for (; i + TLanes.Width <= end; i += TLanes.Width)
                    {
                        largest = TLanes.Max(largest, TLanes.Load(ref a, i));
                    }

                    // Never true, and not known to be so: what was read is used.
                    if (largest.MaxAcross() < 0)
                    {
                        largest.Store(ref a, 0);
                    }

                    break;
                case 2:
                    for (; i + TLanes.Width <= end; i += TLanes.Width)
                    {
                        TLanes.Fma(factor, TLanes.Load(ref a, i), TLanes.Load(ref b, i) * factor).Store(ref b, i);
                    }

                    break;
                case 3:
                    for (; i + TLanes.Width <= end; i += TLanes.Width)
                    {
                        TLanes x = TLanes.Load(ref a, i) * factor;
                        TLanes.Fma(factor, TLanes.Load(ref b, i), x).Store(ref b, i);
                        TLanes.Fma(factor, TLanes.Load(ref c, i), x).Store(ref c, i);
                    }

                    break;
                default:
                    for (; i + TLanes.Width <= end; i += TLanes.Width)
                    {
                        TLanes x = TLanes.Load(ref a, i) * factor;
                        TLanes.Fma(factor, TLanes.Load(ref b, i), x).Store(ref b, i);
                        TLanes.Fma(factor, TLanes.Load(ref c, i), x).Store(ref c, i);
                        TLanes.Fma(factor, TLanes.Load(ref d, i), x).Store(ref d, i);
                    }

                    break;
            }

            return i;
        }
    }
}
