using BenchmarkDotNet.Attributes;
using Residuum.Optimizers;

namespace Residuum.Benchmarks;

/// <summary>A whole step in cache, on one thread: 65,536 entries.</summary>
public class StepBenchmarks
{
    private const int Length = 65_536;

    private Optimizer _optimizer = null!;

    [ParamsSource(nameof(Methods))]
    public string Method { get; set; } = "";

    public static IEnumerable<string> Methods => OptimizerCatalog.Kinds.Select(kind => kind.Name);

    [GlobalSetup]
    public void Setup()
    {
        Parameter parameter = new("w", [256, 256], NormalNumbers.Make(Length, 0), NormalNumbers.Make(Length, 1));
        _optimizer = OptimizerCatalog.Get(Method).Create([new NamedGroup([parameter], [])], new StepSettings { Threads = 1, NonFinite = NonFinitePolicy.Off });
    }

    [Benchmark]
    public StepReport Step() => _optimizer.Step();
}
