using System.Diagnostics;
using Residuum.Numerics;
using Residuum.Optimizers;
using Residuum.Preconditioning;
using Residuum.Schedules;
using Residuum.State;
using Residuum.Training.Differentiation;

namespace Residuum.Training.Trainer;

/// <summary>The training loop: gradients, step, log, evaluation, checkpoint; stops on divergence and on request.</summary>
/// <remarks>
/// All that the loop remembers is in the checkpoint, and the data of a step is a function of seed and step, so a resumed run continues bit
/// for bit. One run per instance.
/// </remarks>
public sealed class TrainingRun
{
    /// <summary>Steps between two looks of <see cref="Spectra"/>.</summary>
    public const int SpectraEvery = 10;

    private readonly TrainingTask _task;
    private readonly Optimizer _optimizer;
    private readonly RunSettings _settings;
    private readonly IReadOnlyList<IRunObserver> _observers;
    private readonly CheckpointFolder? _checkpoints;
    private readonly IExchange? _exchange;
    private readonly Tape _tape;
    private readonly RunCounters _counters = new();
    private readonly StepTimes _stepTimes = new();
    private readonly StepTimes _optimizerTimes = new();
    private readonly List<MetricPoint> _history = [];
    private readonly ParameterNorms _norms;
    private readonly ReduceOnPlateau? _plateau;
    private RunPlan _plan;
    private double _gradientNorm = double.NaN;
    private double _lastLoss = double.NaN;
    private long _savedStep = -1;
    private bool _isStopAsked;
    private EvaluationResult? _validation;
    private IReadOnlyList<ParameterDiagnostics> _diagnostics = [];

    /// <summary>Puts a run together.</summary>
    /// <param name="task">Model, data and loss.</param>
    /// <param name="optimizer">Trains the task's parameters.</param>
    /// <param name="settings">How long and how.</param>
    /// <param name="plan">What the run calls itself.</param>
    /// <param name="work">The threads of forward and backward passes.</param>
    /// <param name="observers">Who is told what happens.</param>
    /// <param name="checkpoints">Where to save; null to save nothing. Of several ranks the first one saves; all must have a folder or
    /// none.</param>
    /// <param name="exchange">What joins this run to those of other ranks; null for a run of its own.</param>
    /// <exception cref="ArgumentException">
    /// Gradients are divided between the ranks, and their norms asked for; or weights are, and a rank would have no rows in some pass.
    /// </exception>
    public TrainingRun(
        TrainingTask task,
        Optimizer optimizer,
        RunSettings settings,
        RunPlan plan,
        WorkSharing work,
        IReadOnlyList<IRunObserver> observers,
        CheckpointFolder? checkpoints = null,
        IExchange? exchange = null)
    {
        ArgumentNullException.ThrowIfNull(task);
        ArgumentNullException.ThrowIfNull(plan);
        _task = task;
        _optimizer = optimizer;
        _settings = settings;
        _plan = plan;
        _observers = observers;
        _checkpoints = checkpoints;
        _exchange = exchange;
        DividedRun.Check(task, settings, exchange);
        _norms = new ParameterNorms(task.Model.Parameters, optimizer);
        _tape = new Tape(work, (ulong)plan.Seed, exchange?.Gradients, exchange?.Values);
        _plateau = PlateauSchedule.In(settings.Schedule) is { } plateau
            ? new ReduceOnPlateau(plateau, [.. optimizer.Groups.Select(group => group.Options.LearningRate)])
            : null;
    }

    /// <summary>Updates done.</summary>
    public long Step => _counters.Step;

    /// <summary>What the run calls itself.</summary>
    public RunPlan Plan => _plan;

    /// <summary>The model.</summary>
    public Layers.Layer Model => _task.Model;

    /// <summary>
    /// Where set, sees the gradients of every tenth step. What it has seen is in no checkpoint: after a resume it begins anew.
    /// </summary>
    /// <exception cref="InvalidOperationException">Gradients are divided between the ranks: there are no whole ones to see.</exception>
    public GradientSpectra? Spectra
    {
        get;
        set => field = value is null || _exchange?.Gradients is null
            ? value
            : throw new InvalidOperationException("Spectra need whole gradients, but these are divided between the ranks.");
    }

    /// <summary>Continues a run from its checkpoint, bit for bit.</summary>
    /// <param name="file">The checkpoint.</param>
    /// <exception cref="CheckpointException">The file is damaged, or of a run with other settings; the message lists them.</exception>
    public void Resume(string file)
    {
        CheckpointContent content = RunCheckpoint.Content(_plan, _task, _optimizer, _counters, _plateau);
        _exchange?.Resume(content, file);
        Checkpoint.Load(file, content);
        _plan = _plan with { FirstStep = _counters.Step };
        _savedStep = _counters.Step;
    }

    /// <summary>Trains until all steps are taken, the run diverges, or somebody asks it to stop.</summary>
    /// <param name="interrupted">Asks to stop: the step at hand is finished first.</param>
    /// <returns>How it went.</returns>
    public RunResult Run(CancellationToken interrupted)
    {
        foreach (IRunObserver observer in _observers)
        {
            observer.Started(_plan);
        }

        RunResult result = Finish(interrupted);
        foreach (IRunObserver observer in _observers)
        {
            observer.Ended(_plan, result);
        }

        return result;
    }

    private RunOutcome Train(CancellationToken interrupted)
    {
        while (_counters.Step < _settings.Steps)
        {
            if (_settings.CheckpointEvery > 0 && _counters.Step > 0 && _counters.Step % _settings.CheckpointEvery == 0)
            {
                Save();
            }

            if (_exchange is null ? interrupted.IsCancellationRequested : _isStopAsked)
            {
                return RunOutcome.Interrupted;
            }

            if (!TryStep(interrupted))
            {
                return RunOutcome.Diverged;
            }

            LogWhenDue(interrupted);
        }

        return RunOutcome.Finished;
    }

    /// <summary>One step. Returns false if the run has diverged.</summary>
    private bool TryStep(CancellationToken interrupted)
    {
        long start = Stopwatch.GetTimestamp();
        long step = _counters.Step;
        SetRates(step);
        double loss = _task.Differentiate(_tape, step, _settings.MicroBatches, _exchange?.Rank ?? 0, _exchange?.Size ?? 1);
        if (_exchange is not null)
        {
            loss = MeanOverRanks(loss, interrupted);
        }

        _lastLoss = loss;
        if (DivergenceWatchdog.Sees(_counters, loss))
        {
            return false;
        }

        if (step % SpectraEvery == 0)
        {
            Spectra?.Observe();
        }

        bool diagnose = _settings.DiagnoseEvery > 0 && (step + 1) % _settings.DiagnoseEvery == 0;
        if (diagnose)
        {
            _norms.BeforeStep();
        }

        long beforeUpdate = Stopwatch.GetTimestamp();
        StepReport report;
        try
        {
            report = StepOfAllRanks();
        }
        catch (NonFiniteGradientException)
        {
            // The loss was finite and its gradient is not: the weights have grown beyond float32. The step changed nothing.
            return false;
        }

        double optimizerSeconds = Stopwatch.GetElapsedTime(beforeUpdate).TotalSeconds;
        double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        Count(step, loss, report, seconds, optimizerSeconds);
        if (diagnose)
        {
            _diagnostics = _norms.AfterStep();
        }

        return true;
    }

    private StepReport StepOfAllRanks()
    {
        if (_exchange is null)
        {
            return _optimizer.Step();
        }

        StepReport report = _exchange.BeforeStep();
        if (report.Applied)
        {
            report = _optimizer.Step();
            _exchange.AfterStep();
        }

        return report;
    }

    /// <summary>
    /// The loss of the whole batch; and whether somebody has asked some rank to stop, so that all stop after the same step.
    /// </summary>
    private double MeanOverRanks(double loss, CancellationToken interrupted)
    {
        Span<double> numbers = [loss, interrupted.IsCancellationRequested ? 1 : 0];
        _exchange!.Sum(numbers);
        _isStopAsked = numbers[1] > 0;
        return numbers[0] / _exchange.Size;
    }

    private void SetRates(long step)
    {
        for (int i = 0; i < _optimizer.Groups.Count; i++)
        {
            ParameterGroup group = _optimizer.Groups[i];
            group.LearningRate = _settings.Schedule.RateAt(_plateau?.Rates[i] ?? group.Options.LearningRate, step);
        }
    }

    private void Count(long step, double loss, StepReport report, double seconds, double optimizerSeconds)
    {
        _gradientNorm = report.GradientNorm;
        _stepTimes.Add(1000 * seconds);
        _optimizerTimes.Add(1000 * optimizerSeconds);
        _counters.Step++;
        _counters.Examples += (long)_task.BatchRows(step) * _task.ExamplesPerRow;
        _counters.Skipped += report.Applied ? 0 : 1;
        _counters.Seconds += seconds;
        _counters.OptimizerSeconds += optimizerSeconds;
        _counters.LossesSincePoint += loss;
        if (step >= FirstOfLastTenth)
        {
            _counters.LastLosses += loss;
        }
    }

    private long FirstOfLastTenth => _settings.Steps - Math.Max(1, _settings.Steps / 10);

    private void LogWhenDue(CancellationToken interrupted)
    {
        long step = _counters.Step;
        bool last = step == _settings.Steps;
        bool evaluate = !last && _settings.EvaluateEvery > 0 && step % _settings.EvaluateEvery == 0;
        if (!last && !evaluate && _diagnostics.Count == 0 && step % _settings.LogEvery != 0)
        {
            return;
        }

        AverageBuffers();
        _validation = last || evaluate ? Validate(interrupted) : null;
        long steps = step - _counters.PointStep;
        MetricPoint point = new()
        {
            Step = step,
            Seconds = _counters.Seconds,
            Examples = _counters.Examples,
            TrainLoss = _counters.LossesSincePoint / steps,
            LearningRate = _optimizer.Groups[0].LearningRate,
            MsPerStep = 1000 * (_counters.Seconds - _counters.PointSeconds) / steps,
            OptimizerMsPerStep = 1000 * (_counters.OptimizerSeconds - _counters.PointOptimizerSeconds) / steps,
            GradientNorm = double.IsNaN(_gradientNorm) ? null : _gradientNorm,
            Validation = _validation,
            Diagnostics = _diagnostics,
        };
        _diagnostics = [];
        _counters.LossesSincePoint = 0;
        _counters.PointStep = step;
        _counters.PointSeconds = _counters.Seconds;
        _counters.PointOptimizerSeconds = _counters.OptimizerSeconds;
        _history.Add(point);
        foreach (IRunObserver observer in _observers)
        {
            observer.Logged(_plan, point);
        }
    }

    // What a plateau has not seen when the run stops, it would never see: its evaluations are finished.
    private EvaluationResult? Validate(CancellationToken interrupted)
    {
        EvaluationResult? result = Evaluate(
            DataPart.Validation, _settings.EvaluateRows, _plateau is null ? interrupted : CancellationToken.None);
        if (result is not null)
        {
            _plateau?.Observe(result.Loss);
        }

        return result;
    }

    // Ranks that gather weights for it together cannot leave it one by one.
    private EvaluationResult? Evaluate(DataPart part, int most, CancellationToken interrupted) =>
        _task.Evaluate(_tape, part, most, _exchange?.Values is null ? interrupted : CancellationToken.None);

    private void Save()
    {
        if (_checkpoints is not null && _savedStep != _counters.Step)
        {
            AverageBuffers();
            CheckpointContent content = RunCheckpoint.Content(_plan, _task, _optimizer, _counters, _plateau);
            _exchange?.AddTo(content);
            if (_exchange is null or { Rank: 0 })
            {
                _checkpoints.Save(_counters.Step, content);
            }

            _savedStep = _counters.Step;
        }
    }

    /// <summary>Each rank has statistics of its own rows: what is evaluated and saved is their mean.</summary>
    private void AverageBuffers()
    {
        if (_exchange is { Size: > 1 })
        {
            foreach (Layers.LayerBuffer buffer in _task.Model.Buffers)
            {
                _exchange.Average(buffer.Values.Span);
            }
        }
    }

    private RunResult Finish(CancellationToken interrupted)
    {
        EvaluationResult? validation = null;
        EvaluationResult? test = null;
        RunOutcome outcome;
        try
        {
            outcome = Train(interrupted);
            if (outcome == RunOutcome.Finished)
            {
                Save();
                validation = _validation ?? Evaluate(DataPart.Validation, _settings.EvaluateRows, interrupted);
                test = _plan.IsSearch ? null : Evaluate(DataPart.Test, int.MaxValue, interrupted);
            }
        }
        catch (OperationCanceledException) when (interrupted.IsCancellationRequested)
        {
            // Asked to stop in the middle of an evaluation: the steps are done, and a resumed run evaluates again.
            outcome = RunOutcome.Interrupted;
        }

        if (outcome == RunOutcome.Interrupted)
        {
            Save();
        }

        long inLastTenth = _counters.Step - FirstOfLastTenth;
        return new RunResult
        {
            Optimizer = _plan.Optimizer,
            Rate = _plan.Rate,
            Seed = _plan.Seed,
            Steps = _counters.Step,
            TrainLoss = outcome != RunOutcome.Diverged && inLastTenth > 0 ? _counters.LastLosses / inLastTenth : _lastLoss,
            Validation = validation,
            Test = test,
            Parameters = _plan.Parameters,
            GradientBytes = _exchange?.Gradients?.Bytes ?? (sizeof(float) * _plan.Parameters),
            ParameterBytes = _exchange?.Values?.Bytes ?? (sizeof(float) * _plan.Parameters),
            StateBytes = _optimizer.StateBytes + (_exchange?.StateBytes ?? 0),
            Ranks = _exchange?.Size ?? 1,
            Exchange = _exchange?.Account,
            OptimizerMsPerStep = _optimizerTimes.Median(),
            MsPerStep = _stepTimes.Median(),
            Seconds = _counters.Seconds,
            SkippedSteps = _counters.Skipped,
            Outcome = outcome,
            History = _history,
        };
    }
}
