using BenchmarkDotNet.Attributes;
using Residuum.Numerics;

namespace Residuum.Benchmarks;

/// <summary>Products on one thread: square, and by a skinny right factor.</summary>
public class MatrixBenchmarks
{
    private readonly WorkSharing _work = new(threads: 1);
    private float[] _a = [];
    private float[] _b = [];
    private float[] _c = [];

    [Params(1024)]
    public int Size { get; set; }

    [Params(32, 1024)]
    public int Columns { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        _a = NormalNumbers.Make(Size * Size, 0);
        _b = NormalNumbers.Make(Size * Columns, 1);
        _c = new float[Size * Columns];
    }

    [Benchmark]
    public void Multiply() => MatrixProduct.Multiply(
        _a, new MatrixLayout(Size, Size), _b, new MatrixLayout(Size, Columns), _c, new MatrixLayout(Size, Columns), _work);
}
