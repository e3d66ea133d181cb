using BenchmarkDotNet.Attributes;
using Residuum.Numerics;

namespace Residuum.Benchmarks;

/// <summary>One block of a window of sparse gradients, 1 % of its entries in each of 256 rows; times are those of an entry.</summary>
public class SparseRowBenchmarks
{
    private const int Rows = 256;
    private const int LongestKept = 164;

    private float[] _dense = [];
    private double[] _sum = [];
    private ushort[][] _indices = [];
    private float[][] _values = [];
    private ushort[][] _patterns = [];

    [Params(4096, 16_384)]
    public int Block { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        _dense = NormalNumbers.Make(Block, 0);
        _sum = new double[Block];
        _values = [.. Enumerable.Range(1, Rows).Select(row => NormalNumbers.Make(LongestKept, (ulong)row))];
        _patterns = [.. _values.Select(row => row.Select(BFloat16.ToBits).ToArray())];
        _indices = [.. Enumerable.Range(0, Rows).Select(Indices)];
    }

    [Benchmark(OperationsPerInvoke = Rows * LongestKept)]
    public double Dots()
    {
        double sum = 0;
        for (int row = 0; row < Rows; row++)
        {
            sum += SparseProducts.Dot<ushort, float, StoredFloat32>(_indices[row], _values[row], _dense);
        }

        return sum;
    }

    [Benchmark(OperationsPerInvoke = Rows * LongestKept)]
    public double DotsOfBFloat16()
    {
        double sum = 0;
        for (int row = 0; row < Rows; row++)
        {
            sum += SparseProducts.Dot<ushort, ushort, StoredBFloat16>(_indices[row], _patterns[row], _dense);
        }

        return sum;
    }

    [Benchmark(OperationsPerInvoke = Rows * LongestKept)]
    public void Combination()
    {
        for (int row = 0; row < Rows; row++)
        {
            SparseProducts.Add<ushort, float, StoredFloat32>(0.5, _indices[row], _values[row], _sum, origin: 0);
        }
    }

    // Rising and different, spread over the block.
    private ushort[] Indices(int row)
    {
        CounterRandom random = new(seed: 2, (ulong)row);
        return [.. random.Permutation(Block).Take(LongestKept).Order().Select(index => (ushort)index)];
    }
}
