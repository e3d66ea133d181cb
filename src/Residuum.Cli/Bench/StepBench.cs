using System.Diagnostics;
using System.Globalization;
using Residuum.Optimizers;
using Residuum.Training.Recipes;

namespace Residuum.Cli.Bench;

/// <summary>Times optimizer steps, taken in turn (A B A B ...), each on its own weights, all on the same gradients.</summary>
internal sealed class StepBench
{
    // Rounds until the medians are steady: for this long, but at least so many; and in tens, since some methods do more every tenth step.
    private const int FewestRounds = 20;
    private const int RoundsAtATime = 10;
    private static readonly TimeSpan Budget = TimeSpan.FromSeconds(8);

    // Before the clock: at least so many, and until a window of gradients is full and holds what real steps would leave there.
    private const int FewestWarmUpSteps = 12;

    private const double DefaultRate = 1e-4;

    private readonly Memory<float> _gradients;
    private readonly IGradientSource _source;
    private readonly List<Contestant> _contestants = [];

    /// <summary>Prepares optimizers.</summary>
    /// <param name="shapes">The tensors.</param>
    /// <param name="choices">The optimizers; the first is what ratios refer to.</param>
    /// <param name="guards">With the guard on, off, or each.</param>
    /// <param name="threads">Threads of a step.</param>
    /// <param name="source">Gives the gradients.</param>
    public StepBench(
        IReadOnlyList<ShapedParameter> shapes,
        IReadOnlyList<OptimizerChoice> choices,
        IReadOnlyList<bool> guards,
        int threads,
        IGradientSource source)
    {
        int total = shapes.Sum(shape => shape.Length);
        _gradients = new float[total];
        _source = source;
        foreach (bool guard in guards)
        {
            foreach (OptimizerChoice choice in choices)
            {
                _contestants.Add(new Contestant(choice, guard, Create(choice, shapes, guard, threads)));
            }
        }
    }

    /// <summary>Runs the rounds.</summary>
    /// <returns>A row per optimizer and guard.</returns>
    public IReadOnlyList<StepResult> Run()
    {
        for (int i = 0; i < _contestants.Max(contestant => contestant.WarmUpSteps); i++)
        {
            _source.Draw(_gradients.Span);
            foreach (Contestant contestant in _contestants.Where(contestant => i < contestant.WarmUpSteps))
            {
                contestant.Optimizer.Step();
            }
        }

        long begin = Stopwatch.GetTimestamp();
        for (int round = 0; round < FewestRounds || round % RoundsAtATime != 0 || Stopwatch.GetElapsedTime(begin) < Budget; round++)
        {
            _source.Draw(_gradients.Span);
            _contestants.ForEach(contestant => contestant.TimeStep());
        }

        return [.. _contestants.Select(contestant => contestant.Result(Baseline(contestant)))];
    }

    private Contestant Baseline(Contestant contestant) => _contestants.First(other => other.Guard == contestant.Guard);

    private Optimizer Create(OptimizerChoice choice, IReadOnlyList<ShapedParameter> shapes, bool guard, int threads)
    {
        List<Parameter> parameters = [];
        int start = 0;
        foreach (ShapedParameter shape in shapes)
        {
            float[] values = new float[shape.Length];
            Array.Fill(values, 0.1f);
            parameters.Add(new Parameter(shape.Name, [.. shape.Shape], values, _gradients.Slice(start, shape.Length)));
            start += shape.Length;
        }

        StepSettings settings = new() { Threads = threads, NonFinite = guard ? NonFinitePolicy.Throw : NonFinitePolicy.Off };
        return choice.Create(parameters, new RecipeOptimizer(choice.Rate ?? DefaultRate), choice.Rate ?? DefaultRate, settings);
    }

    private sealed class Contestant(OptimizerChoice choice, bool guard, Optimizer optimizer)
    {
        private readonly List<double> _nanoseconds = [];
        private long _allocated;

        public Optimizer Optimizer => optimizer;

        public bool Guard => guard;

        public int WarmUpSteps => Math.Max(
            FewestWarmUpSteps,
            optimizer.Groups[0].Options.FixedValues
                .Where(option => option.Key == "window")
                .Sum(option => int.Parse(option.Value, CultureInfo.InvariantCulture) + 2));

        public void TimeStep()
        {
            long before = GC.GetTotalAllocatedBytes(precise: true);
            long start = Stopwatch.GetTimestamp();
            optimizer.Step();
            double elapsed = Stopwatch.GetElapsedTime(start).TotalNanoseconds;
            _allocated = GC.GetTotalAllocatedBytes(precise: true) - before;
            _nanoseconds.Add(elapsed);
        }

        public StepResult Result(Contestant baseline)
        {
            long parameters = optimizer.Groups.SelectMany(group => group.Parameters).Sum(parameter => (long)parameter.Length);
            double[] ratios = [.. _nanoseconds.Zip(baseline._nanoseconds, (mine, theirs) => mine / theirs)];
            double traffic = optimizer.StepTrafficBytes + (guard ? 4.0 * parameters : 0);
            return new StepResult
            {
                Optimizer = choice.Text,
                Parameters = parameters,
                Threads = optimizer.Settings.Threads,
                Guard = guard,
                NsPerParameter = new Spread(Median(_nanoseconds) / parameters, _nanoseconds.Min() / parameters),
                MeanNsPerParameter = _nanoseconds.Average() / parameters,
                BytesMovedPerParameter = traffic / parameters,
                StateBytesPerParameter = (double)optimizer.StateBytes / parameters,
                AllocatedBytesPerStep = _allocated,
                RatioToAdamW = new Middle(Median(ratios)),
            };
        }

        private static double Median(IEnumerable<double> values)
        {
            double[] sorted = [.. values.Order()];
            return (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
        }
    }
}
