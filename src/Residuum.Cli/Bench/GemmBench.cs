using System.Diagnostics;
using Residuum.Numerics;

namespace Residuum.Cli.Bench;

/// <summary>Times matrix products of the shapes that training and low-rank methods use.</summary>
internal static class GemmBench
{
    // Turns of each, ours and OpenBLAS's one after the other.
    private const int Turns = 3;
    private const int FewestOfATurn = 3;
    private static readonly TimeSpan Turn = TimeSpan.FromSeconds(0.5);

    // Square, tall by skinny, and the shapes of the recipes' layers.
    private static readonly (int M, int N, int K)[] Shapes =
    [
        (1024, 1024, 1024), (2048, 2048, 2048), (4096, 32, 4096), (4096, 128, 4096), (128, 256, 784), (1024, 768, 256),
    ];

    /// <summary>Measures all shapes.</summary>
    /// <param name="threads">Threads of a product.</param>
    /// <param name="peak">The FMA peak of those threads in GFLOP/s.</param>
    public static IReadOnlyList<GemmResult> Run(int threads, double peak)
    {
        using OpenBlas? other = OpenBlas.Start(threads);
        return [.. Shapes.Select(shape => Measure(shape.M, shape.N, shape.K, threads, peak, other))];
    }

    private static GemmResult Measure(int m, int n, int k, int threads, double peak, OpenBlas? other)
    {
        float[] a = Filled(m * k);
        float[] b = Filled(k * n);
        float[] c = new float[m * n];
        WorkSharing work = new(threads);
        List<double> nanoseconds = [];
        List<double> others = [];
        for (int turn = 0; turn < Turns; turn++)
        {
            long begin = Stopwatch.GetTimestamp();
            for (int i = 0; i < FewestOfATurn || Stopwatch.GetElapsedTime(begin) < Turn; i++)
            {
                long start = Stopwatch.GetTimestamp();
                MatrixProduct.Multiply(a, new MatrixLayout(m, k), b, new MatrixLayout(k, n), c, new MatrixLayout(m, n), work);
                nanoseconds.Add(Stopwatch.GetElapsedTime(start).TotalNanoseconds);
            }

            if (other is not null)
            {
                others.AddRange(other.Take(m, n, k, Turn));
            }
        }

        double flops = 2.0 * m * n * k;
        Spread own = Rates(flops, nanoseconds);
        GemmResult result = new(m, n, k, threads, own, own.Median / peak);
        if (other is null)
        {
            return result;
        }

        Spread theirs = Rates(flops, others);
        Middle ratio = new(own.Median / theirs.Median);
        return result with { OpenBlasKernel = other.Kernel, OpenBlasGflops = theirs, RatioToOpenBlas = ratio };
    }

    private static Spread Rates(double flops, List<double> nanoseconds) =>
        new(flops / nanoseconds.Order().ElementAt(nanoseconds.Count / 2), flops / nanoseconds.Max());

    private static float[] Filled(int length)
    {
        CounterRandom random = new(seed: 1, stream: 2);
        float[] array = new float[length];
        for (int i = 0; i < length; i++)
        {
            array[i] = (float)random.Uniform((ulong)i) - 0.5f;
        }

        return array;
    }
}
