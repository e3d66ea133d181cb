using BenchmarkDotNet.Attributes;
using Residuum.Compression;
using Residuum.Numerics;
using Residuum.State;

namespace Residuum.Benchmarks;

/// <summary>
/// A window of 128 sparse gradients of 25 M entries, 1 % kept, which no cache holds: the next 16 blocks of both passes over it, one thread. Times
/// are those of an entry; a cost model from prototypes has 0.5 ns for scalar products and 0.8 ns for a combination.
/// </summary>
/// <remarks>
/// On a machine with other work: <c>--filter '*SparseWindow*' --invocationCount 1 --unrollFactor 1 --warmupCount 100 --iterationCount 2000</c>.
/// </remarks>
public class SparseWindowBenchmarks
{
    private const int Rows = 128;
    private const int Block = 16_384;
    private const int Kept = 164;
    private const int Blocks = 1526;
    private const int BlocksOfInvocation = 16;

    private readonly float[] _vector = NormalNumbers.Make(Block * Blocks, 0);
    private readonly float[] _dense = new float[Block];
    private readonly double[] _sum = new double[Block];
    private readonly SparseWindow<ushort, ushort> _window = new(new BlockTopK(Block * Blocks, Block, 0.01), Rows, StateArena.Apart);
    private int _next;

    [GlobalSetup]
    public void Setup()
    {
        // Rising and different: an entry of every stretch of 99.
        CounterRandom random = new(seed: 3, stream: 0);
        for (int block = 0; block < Blocks; block++)
        {
            Span<ushort> indices = _window.Indices(block);
            Span<ushort> values = _window.Values(block);
            for (int i = 0; i < indices.Length; i++)
            {
                ulong bits = random.Bits((ulong)((block * indices.Length) + i));
                indices[i] = (ushort)((i % Kept * 99) + (int)(bits % 99));
                values[i] = BFloat16.ToBits(bits % 1000);
            }
        }
    }

    [Benchmark(OperationsPerInvoke = BlocksOfInvocation * Rows * Kept)]
    public double Dots()
    {
        double sum = 0;
        for (int i = 0; i < BlocksOfInvocation; i++)
        {
            int block = Next();
            // Read straight through memory once; the rows then find it in a cache.
            _vector.AsSpan(block * Block, Block).CopyTo(_dense);
            for (int row = 0; row < Rows; row++)
            {
                sum += SparseProducts.Dot<ushort, ushort, StoredBFloat16>(_window.Indices(block, row), _window.Values(block, row), _dense);
            }
        }

        return sum;
    }

    [Benchmark(OperationsPerInvoke = BlocksOfInvocation * Rows * Kept)]
    public void Combination()
    {
        for (int i = 0; i < BlocksOfInvocation; i++)
        {
            int block = Next();
            _sum.AsSpan().Clear();
            for (int row = 0; row < Rows; row++)
            {
                SparseProducts.Add<ushort, ushort, StoredBFloat16>(0.5, _window.Indices(block, row), _window.Values(block, row), _sum, origin: 0);
            }

            DoubleProducts.Round(_sum, _vector.AsSpan(block * Block, Block));
        }
    }

    private int Next() => _next = (_next + 1) % Blocks;
}
