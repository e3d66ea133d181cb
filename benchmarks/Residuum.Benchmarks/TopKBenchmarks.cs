using BenchmarkDotNet.Attributes;
using Residuum.Numerics;

namespace Residuum.Benchmarks;

/// <summary>The selection of the k largest magnitudes of one block of 4,096.</summary>
public class TopKBenchmarks
{
    private const int Block = 4096;

    private readonly float[] _values = NormalNumbers.Make(Block, 0);
    private readonly int[] _candidates = new int[Block + TopKSelection.Slack];
    private readonly int[] _magnitudes = new int[Block];
    private ushort[] _kept = [];
    private float _guess;

    [Params(41, 205)]
    public int Kept { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        _kept = new ushort[Kept];
        _guess = 0.9f * _values.Select(MathF.Abs).OrderDescending().ElementAt(Kept - 1);
    }

    [Benchmark]
    public void WithGuess() => TopKSelection.Select(_values, Kept, _guess, _kept, _candidates, _magnitudes);

    [Benchmark]
    public void WithoutGuess() => TopKSelection.Select(_values, Kept, 0, _kept, _candidates, _magnitudes);
}
