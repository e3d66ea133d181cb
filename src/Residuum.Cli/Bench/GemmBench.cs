using System.Diagnostics;
using Residuum.Numerics;

namespace Residuum.Cli.Bench;

/// <summary>Times matrix products of the shapes that training and low-rank methods use.</summary>
internal static class GemmBench
{
    private static readonly TimeSpan Budget = TimeSpan.FromSeconds(1.5);
    private const int FewestRepeats = 5;

    // Square, tall by skinny, and the shapes of the recipes' layers.
    private static readonly (int M, int N, int K)[] Shapes =
    [
        (1024, 1024, 1024), (2048, 2048, 2048), (4096, 32, 4096), (4096, 128, 4096), (128, 256, 784), (1024, 768, 256),
    ];

    /// <summary>Measures all shapes.</summary>
    /// <param name="threads">Threads of a product.</param>
    /// <param name="peak">The FMA peak of those threads in GFLOP/s.</param>
    public static IReadOnlyList<GemmResult> Run(int threads, double peak) => [.. Shapes.Select(shape => Measure(shape.M, shape.N, shape.K, threads, peak))];

    private static GemmResult Measure(int m, int n, int k, int threads, double peak)
    {
        float[] a = Filled(m * k);
        float[] b = Filled(k * n);
        float[] c = new float[m * n];
        WorkSharing work = new(threads);
        List<double> nanoseconds = [];
        long begin = Stopwatch.GetTimestamp();
        while (nanoseconds.Count < FewestRepeats || Stopwatch.GetElapsedTime(begin) < Budget)
        {
            long start = Stopwatch.GetTimestamp();
            MatrixProduct.Multiply(a, new MatrixLayout(m, k), b, new MatrixLayout(k, n), c, new MatrixLayout(m, n), work);
            nanoseconds.Add(Stopwatch.GetElapsedTime(start).TotalNanoseconds);
        }

        double flops = 2.0 * m * n * k;
        double median = flops / nanoseconds.Order().ElementAt(nanoseconds.Count / 2);
        return new GemmResult(m, n, k, threads, new Spread(median, flops / nanoseconds.Max()), median / peak);
    }

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
