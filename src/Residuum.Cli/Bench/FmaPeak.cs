using System.Diagnostics;
using System.Runtime.CompilerServices;
using Residuum.Numerics;

namespace Residuum.Cli.Bench;

/// <summary>The rate of fused multiply-adds on registers, in GFLOP/s: the ceiling of matrix products.</summary>
internal sealed class FmaPeak : IWork
{
    private const int Iterations = 4_000_000;
    private const int Chains = 12;
    private const int Repeats = 5;

    private readonly float[] _sink;

    private FmaPeak(int threads) => _sink = new float[threads];

    /// <summary>Measures the best of a few repeats.</summary>
    /// <param name="threads">How many threads compute.</param>
    public static double Measure(int threads)
    {
        FmaPeak peak = new(threads);
        WorkSharing work = new(threads);
        double flops = 2.0 * Chains * SimdWidth.Lanes * Iterations * threads;
        double best = 0;
        for (int i = 0; i < Repeats; i++)
        {
            long start = Stopwatch.GetTimestamp();
            work.Run(peak, threads);
            best = Math.Max(best, flops / Stopwatch.GetElapsedTime(start).TotalNanoseconds);
        }

        return best;
    }

    /// <inheritdoc/>
    public void Run(int chunk, int worker) => _sink[chunk] = SimdWidth.Lanes switch
    {
        16 => Chain<Lanes16>(),
        8 => Chain<Lanes8>(),
        _ => Chain<Lanes1>(),
    };

    // Twelve independent chains hide the latency of the units.
    [MethodImpl(LaneLoop.KernelOptions)]
    private static float Chain<TLanes>()
        where TLanes : struct, ILanes<TLanes>
    {
        TLanes a = TLanes.All(0.999f);
        TLanes b = TLanes.All(0.001f);
        TLanes x0 = b, x1 = b, x2 = b, x3 = b, x4 = b, x5 = b, x6 = b, x7 = b, x8 = b, x9 = b, x10 = b, x11 = b;
        for (int i = 0; i < Iterations; i++)
        {
            x0 = TLanes.Fma(x0, a, b);
            x1 = TLanes.Fma(x1, a, b);
            x2 = TLanes.Fma(x2, a, b);
            x3 = TLanes.Fma(x3, a, b);
            x4 = TLanes.Fma(x4, a, b);
            x5 = TLanes.Fma(x5, a, b);
            x6 = TLanes.Fma(x6, a, b);
            x7 = TLanes.Fma(x7, a, b);
            x8 = TLanes.Fma(x8, a, b);
            x9 = TLanes.Fma(x9, a, b);
            x10 = TLanes.Fma(x10, a, b);
            x11 = TLanes.Fma(x11, a, b);
        }

        return (x0 + x1 + x2 + x3 + x4 + x5 + x6 + x7 + x8 + x9 + x10 + x11).MaxAcross();
    }
}
