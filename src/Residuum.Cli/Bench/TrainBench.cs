using System.Diagnostics;
using Residuum.Training.Recipes;
using Residuum.Training.Trainer;

namespace Residuum.Cli.Bench;

/// <summary>Times whole training steps of a recipe with AdamW, taken in turn with PyTorch's where asked.</summary>
internal sealed class TrainBench : IRunObserver, IDisposable
{
    // Turns of about so long each, until the budget is spent; a few steps before the clock.
    private static readonly TimeSpan Turn = TimeSpan.FromSeconds(0.3);
    private static readonly TimeSpan Budget = TimeSpan.FromSeconds(10);
    private const int FewestTurns = 5;
    private const int WarmUpSteps = 5;

    private readonly CancellationTokenSource _enough = new();
    private readonly List<TorchTraining> _torch = [];
    private readonly List<double> _turn = [];
    private readonly List<double> _medians = [];
    private readonly List<double> _least = [];
    private readonly List<TorchTurn>[] _torchTurns = [[], []];
    private readonly int _threads;
    private long _begin;
    private int _stepsOfATurn;
    private int _warm;

    private TrainBench(int threads) => _threads = threads;

    /// <summary>Measures.</summary>
    /// <param name="recipe">The recipe.</param>
    /// <param name="settings">Its settings.</param>
    /// <param name="threads">Threads of all.</param>
    /// <param name="python">Where PyTorch is; null to measure Residuum alone.</param>
    /// <returns>Residuum's row, then PyTorch's.</returns>
    public static IReadOnlyList<TrainResult> Run(Recipe recipe, RecipeSettings settings, int threads, Python? python)
    {
        settings.Set("logEvery", "1");
        settings.Set("evaluateEvery", "0");
        settings.Set("steps", "1000000000");
        using TrainBench bench = new(threads);
        RunFactory factory = new(recipe, settings, dataFile: null, threads, [bench]);
        OptimizerChoice adamw = new("adamw", "adamw", []);
        TrainingRun run = factory.Create(adamw, factory.DefaultRate(adamw), seed: 0, search: true);
        if (python is not null)
        {
            TorchModel model = TorchModel.Of(run, settings);
            bench._torch.Add(new TorchTraining(python, model, threads, keepsMemory: false));
            bench._torch.Add(new TorchTraining(python, model, threads, keepsMemory: true));
        }

        run.Run(bench._enough.Token);
        return bench.Results(run.Plan, settings.Integer("batch", 1));
    }

    /// <inheritdoc/>
    public void Started(RunPlan plan)
    {
    }

    /// <inheritdoc/>
    public void Logged(RunPlan plan, MetricPoint point)
    {
        if (_warm < WarmUpSteps)
        {
            _warm++;
            _stepsOfATurn = (int)Math.Max(1, Turn.TotalMilliseconds / point.MsPerStep);
            _begin = Stopwatch.GetTimestamp();
            return;
        }

        _turn.Add(point.MsPerStep);
        if (_turn.Count == _stepsOfATurn)
        {
            _medians.Add(Median(_turn));
            _least.Add(_turn.Min());
            _turn.Clear();
            for (int i = 0; i < _torch.Count; i++)
            {
                _torchTurns[i].Add(TakeTurn(_torch[i], plan));
            }

            if (_medians.Count >= FewestTurns && Stopwatch.GetElapsedTime(_begin) > Budget)
            {
                _enough.Cancel();
            }
        }
    }

    /// <inheritdoc/>
    public void Ended(RunPlan plan, RunResult result)
    {
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _torch.ForEach(torch => torch.Dispose());
        _enough.Dispose();
    }

    private TorchTurn TakeTurn(TorchTraining torch, RunPlan plan)
    {
        if (_medians.Count == 1)
        {
            torch.Take(WarmUpSteps);
        }

        TorchTurn turn = torch.Take(_stepsOfATurn);
        return turn.Parameters == plan.Parameters
            ? turn
            : throw new InvalidOperationException(
                $"PyTorch's model has {turn.Parameters} parameters and that of {plan.Recipe} {plan.Parameters}.");
    }

    private IReadOnlyList<TrainResult> Results(RunPlan plan, int batch)
    {
        TrainResult own = new()
        {
            Recipe = plan.Recipe,
            Engine = "residuum",
            Optimizer = plan.Optimizer,
            Parameters = plan.Parameters,
            Batch = batch,
            Threads = _threads,
            MsPerStep = new Spread(Median(_medians), _least.Min()),
            PeakResidentBytes = Process.GetCurrentProcess().PeakWorkingSet64,
            ResiduumByThis = new Middle(1),
        };
        return [own, .. _torch.Select((torch, i) => Of(own, torch, _torchTurns[i]))];
    }

    private TrainResult Of(TrainResult own, TorchTraining torch, List<TorchTurn> turns)
    {
        double[] medians = [.. turns.Select(turn => Median(turn.Milliseconds))];
        return own with
        {
            Engine = $"torch {turns[^1].Version}",
            Allocator = torch.Allocator,
            Optimizer = "torch.optim.AdamW",
            MsPerStep = new Spread(Median(medians), turns.Min(turn => turn.Milliseconds.Min())),
            PeakResidentBytes = turns[^1].PeakResidentBytes,
            ResiduumByThis = new Middle(Median([.. _medians.Zip(medians, (mine, theirs) => mine / theirs)])),
        };
    }

    private static double Median(IReadOnlyList<double> values)
    {
        double[] sorted = [.. values.Order()];
        return (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }
}
