using BenchmarkDotNet.Attributes;
using Residuum.Numerics;

namespace Residuum.Benchmarks;

/// <summary>The passes of the 4-bit error memory over one block of 4,096.</summary>
public class FourBitBenchmarks
{
    private const int Block = 4096;

    private readonly float[] _values = NormalNumbers.Make(Block, 0);
    private readonly float[] _gradient = NormalNumbers.Make(Block, 1);
    private readonly float[] _sum = new float[Block];
    private readonly byte[] _codes = new byte[Block / 2];
    private float[] _low = [];
    private float[] _high = [];
    private float[] _step = [];

    [Params(64, 4096)]
    public int Bucket { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        _low = new float[Block / Bucket];
        _high = new float[Block / Bucket];
        BucketRanges.Find(_values, _low, _high, Bucket);
        _step = [.. _low.Zip(_high, (low, high) => (high - low) / 15)];
    }

    [Benchmark]
    public void AddDequantized() => FourBitBuckets.AddDequantized(_gradient, _sum, _codes, _low, _step, Bucket);

    [Benchmark]
    public void Ranges() => BucketRanges.Find(_values, _low, _high, Bucket);

    [Benchmark]
    public void Quantize() => FourBitBuckets.Quantize(_values, _codes, _low, _step, Bucket);
}
