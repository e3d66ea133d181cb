using System.Text.Json.Nodes;
using Residuum.Training.Trainer;

namespace Residuum.Training.Logging;

/// <summary>
/// Logs training runs into directories: <c>run.json</c> at the start, then a line of <c>metrics.jsonl</c> and a group of TensorBoard
/// scalars for every point. One run at a time.
/// </summary>
public sealed class RunLog : IRunObserver, IDisposable
{
    private readonly Func<RunPlan, string> _directoryOf;
    private readonly string[] _command;
    private MetricsWriter? _metrics;
    private EventFileWriter? _events;

    /// <summary>Makes a log.</summary>
    /// <param name="directoryOf">The directory of a run; runs that are compared need one each.</param>
    /// <param name="command">The command line's words, for <c>run.json</c>.</param>
    public RunLog(Func<RunPlan, string> directoryOf, IEnumerable<string> command)
    {
        ArgumentNullException.ThrowIfNull(directoryOf);
        ArgumentNullException.ThrowIfNull(command);
        _directoryOf = directoryOf;
        _command = [.. command];
    }

    /// <summary>Opens the run's files. A resumed run keeps what was logged up to its first step.</summary>
    /// <inheritdoc/>
    public void Started(RunPlan plan)
    {
        ArgumentNullException.ThrowIfNull(plan);
        Dispose();
        string directory = _directoryOf(plan);
        RunFile.Write(Path.Combine(directory, "run.json"), _command, plan.Seed, SettingsOf(plan));
        _metrics = new MetricsWriter(Path.Combine(directory, "metrics.jsonl"), plan.FirstStep);
        _events = new EventFileWriter(directory, plan.FirstStep);
    }

    /// <inheritdoc/>
    public void Logged(RunPlan plan, MetricPoint point)
    {
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentNullException.ThrowIfNull(point);
        KeyValuePair<string, double>[] values = [.. ValuesOf(plan, point)];
        _metrics?.Write(point.Step, values);
        _events?.AddScalars(point.Step, values);
    }

    /// <inheritdoc/>
    public void Ended(RunPlan plan, RunResult result)
    {
        ArgumentNullException.ThrowIfNull(result);
        if (result.Test is not null)
        {
            KeyValuePair<string, double>[] values = [.. Figures("test", result.Test)];
            _events?.AddScalars(result.Steps, values);
        }

        Dispose();
    }

    /// <summary>Closes the files of the run that is under way.</summary>
    public void Dispose()
    {
        _metrics?.Dispose();
        _metrics = null;
        _events?.Dispose();
        _events = null;
    }

    private static IEnumerable<KeyValuePair<string, double>> ValuesOf(RunPlan plan, MetricPoint point)
    {
        yield return new("examples", point.Examples);
        yield return new("loss", point.TrainLoss);
        yield return new("learningRate", point.LearningRate);
        if (point.GradientNorm is double norm)
        {
            yield return new("gradientNorm", norm);
        }

        yield return new("seconds", point.Seconds);
        yield return new("msPerStep", point.MsPerStep);
        yield return new("optimizerMsPerStep", point.OptimizerMsPerStep);
        yield return new("stateBytes", plan.StateBytes);
        foreach (KeyValuePair<string, double> figure in Figures("validation", point.Validation))
        {
            yield return figure;
        }

        foreach (ParameterDiagnostics parameter in point.Diagnostics)
        {
            foreach (KeyValuePair<string, double> value in parameter.Values)
            {
                yield return new($"{parameter.Parameter}/{value.Key}", value.Value);
            }
        }
    }

    private static IEnumerable<KeyValuePair<string, double>> Figures(string part, EvaluationResult? evaluation)
    {
        if (evaluation is null)
        {
            yield break;
        }

        yield return new($"{part}Loss", evaluation.Loss);
        if (evaluation.Accuracy is double accuracy)
        {
            yield return new($"{part}Accuracy", accuracy);
        }

        if (evaluation.BitsPerByte is double bits)
        {
            yield return new($"{part}BitsPerByte", bits);
        }

        if (evaluation.Perplexity is double perplexity)
        {
            yield return new($"{part}Perplexity", perplexity);
        }
    }

    private static JsonObject SettingsOf(RunPlan plan)
    {
        JsonObject settings = new()
        {
            ["recipe"] = plan.Recipe,
            ["optimizer"] = plan.Optimizer,
            ["optimizerOptions"] = new JsonObject(
                plan.OptimizerOptions.Select(option => KeyValuePair.Create(option.Key, (JsonNode?)option.Value))),
            ["rate"] = plan.Rate,
            ["steps"] = plan.Steps,
            ["firstStep"] = plan.FirstStep,
            ["examplesPerStep"] = plan.ExamplesPerStep,
            ["exampleUnit"] = plan.ExampleUnit,
            ["parameters"] = plan.Parameters,
            ["stateBytes"] = plan.StateBytes,
        };
        foreach (KeyValuePair<string, string> setting in plan.Settings)
        {
            settings[setting.Key] = setting.Value;
        }

        return settings;
    }
}
