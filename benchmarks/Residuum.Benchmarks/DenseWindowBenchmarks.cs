using BenchmarkDotNet.Attributes;
using Residuum.Numerics;

namespace Residuum.Benchmarks;

/// <summary>
/// A window of 256 whole gradients of 262,144 entries, 256 MB, which no cache holds: the next block of 1,024 entries of both passes over it, and
/// of plain reading, one thread. Times are those of an entry of 4 bytes.
/// </summary>
/// <remarks>
/// On a machine with other work: <c>--filter '*DenseWindow*' --invocationCount 1 --unrollFactor 1 --warmupCount 300 --iterationCount 2000</c>.
/// </remarks>
public class DenseWindowBenchmarks
{
    private const int Rows = 256;
    private const int Length = 1024;
    private const int Blocks = 256;

    private readonly double[] _weights = [.. Enumerable.Range(0, Rows).Select(row => 1e-3 * row)];
    private readonly double[] _sum = new double[Length];
    private float[][] _blocks = [];
    private int _next;

    [GlobalSetup]
    public void Setup()
    {
        float[] block = NormalNumbers.Make(Rows * Length, 0);
        _blocks = [.. Enumerable.Range(0, Blocks).Select(_ => (float[])block.Clone())];
    }

    [Benchmark(OperationsPerInvoke = Rows * Length)]
    public double Read() => Reductions.SumOfSquares(Next());

    [Benchmark(OperationsPerInvoke = Rows * Length)]
    public double Dots()
    {
        float[] block = Next();
        double sum = 0;
        for (int row = 0; row < Rows; row++)
        {
            sum += DoubleProducts.Dot(block.AsSpan(row * Length, Length), _sum);
        }

        return sum;
    }

    [Benchmark(OperationsPerInvoke = Rows * Length)]
    public void Combination()
    {
        _sum.AsSpan().Clear();
        DoubleProducts.AddRows(_sum, _weights, Next());
    }

    private float[] Next()
    {
        _next = (_next + 1) % Blocks;
        return _blocks[_next];
    }
}
