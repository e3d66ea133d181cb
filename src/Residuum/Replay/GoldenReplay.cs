using System.Globalization;
using System.Text.Json;
using Residuum.Numerics;
using Residuum.Optimizers;

namespace Residuum.Replay;

/// <summary>Runs golden cases: the optimizer they name, with their options and gradients, against the parameters they expect.</summary>
public static class GoldenReplay
{
    /// <summary>Replays one file. A case that cannot be read or run is a failure that says why.</summary>
    /// <param name="path">The JSON file.</param>
    /// <param name="settings">Threads and guard; null for the defaults.</param>
    /// <exception cref="IOException">The file cannot be opened.</exception>
    public static GoldenResult Replay(string path, StepSettings? settings = null) => Replay(path, golden => Replay(path, golden, settings));

    /// <summary>Replays one file by other means. A case that cannot be read or run is a failure that says why.</summary>
    /// <param name="path">The JSON file.</param>
    /// <param name="replay">Runs the case.</param>
    internal static GoldenResult Replay(string path, Func<GoldenCase, GoldenResult> replay)
    {
        using FileStream file = File.OpenRead(path);
        GoldenCase golden;
        try
        {
            golden = GoldenCase.Parse(file);
        }
        catch (Exception exception) when (exception is JsonException or FormatException)
        {
            return Failed(path, "", Path.GetFileNameWithoutExtension(path), $"not a golden case: {exception.Message}");
        }

        try
        {
            return replay(golden);
        }
        catch (Exception exception) when (
            exception is ArgumentException or FormatException or InvalidOperationException or NonFiniteGradientException)
        {
            return Failed(path, golden.Method, golden.Name, exception.Message.ReplaceLineEndings(" "));
        }
    }

    /// <summary>The golden files that a list of files and folders means; folders are searched recursively, in ordinal order.</summary>
    /// <param name="paths">Files and folders.</param>
    /// <exception cref="FileNotFoundException">A path does not exist.</exception>
    public static IReadOnlyList<string> Find(IEnumerable<string> paths)
    {
        ArgumentNullException.ThrowIfNull(paths);
        List<string> files = [];
        foreach (string path in paths)
        {
            if (Directory.Exists(path))
            {
                files.AddRange(Directory.EnumerateFiles(path, "*.json", SearchOption.AllDirectories).Order(StringComparer.Ordinal));
            }
            else if (File.Exists(path))
            {
                files.Add(path);
            }
            else
            {
                throw new FileNotFoundException($"There is no file or folder '{path}'.", path);
            }
        }

        return files;
    }

    private static GoldenResult Replay(string path, GoldenCase golden, StepSettings? settings)
    {
        if (golden.Workers is not null)
        {
            throw new FormatException($"The case has 'workers', but the method '{golden.Method}' is not exchanged between workers.");
        }

        Parameter[] parameters = Start(golden);
        Optimizer optimizer = OptimizerCatalog.Get(golden.Method).Create(Groups(golden, parameters, golden.Hyperparameters), settings);
        return Follow(path, golden, worker: 0, parameters, optimizer, () => optimizer.Step(), clearError: null);
    }

    /// <summary>Takes the steps of a case and compares the parameters after each.</summary>
    /// <param name="path">The JSON file.</param>
    /// <param name="golden">The case.</param>
    /// <param name="worker">Whose gradients to take.</param>
    /// <param name="parameters">The parameters, where they start.</param>
    /// <param name="optimizer">Its groups take the hyperparameters of the steps.</param>
    /// <param name="takeStep">Takes a step.</param>
    /// <param name="clearError">Clears all error memories; null for a method that cannot.</param>
    internal static GoldenResult Follow(
        string path, GoldenCase golden, int worker, Parameter[] parameters, Optimizer optimizer, Action takeStep, Action? clearError)
    {
        double worst = 0;
        string? worstParameter = null;
        int worstStep = 0;
        for (int i = 0; i < golden.Steps.Count; i++)
        {
            GoldenCase.GoldenStep step = golden.Steps[i];
            Configure(golden, step, optimizer, clearError);
            TakeGradients(step, worker, parameters);
            takeStep();
            foreach (Parameter parameter in parameters)
            {
                if (!step.Expected.TryGetValue(parameter.Name, out float[]? expected) || expected.Length != parameter.Length)
                {
                    throw new FormatException(
                        $"Step {i + 1} expects {expected?.Length ?? 0} values of '{parameter.Name}', which has {parameter.Length}.");
                }

                double deviation = Deviation(parameter.Values.Span, expected, golden);
                if (deviation > worst || double.IsNaN(deviation))
                {
                    (worst, worstParameter, worstStep) = (deviation, parameter.Name, i + 1);
                    if (!(deviation <= 1))
                    {
                        return new GoldenResult(
                            path, golden.Method, golden.Name, Ok: false, deviation, i + 1, parameter.Name, Text(deviation));
                    }
                }
            }

            foreach ((string name, GoldenSketch[][] sketches) in step.Sketches)
            {
                Parameter? sketched = Array.Find(parameters, parameter => parameter.Name == name);
                if (GoldenSketch.Difference(sketches, optimizer, sketched) is string reason)
                {
                    return new GoldenResult(path, golden.Method, golden.Name, Ok: false, worst, i + 1, name, reason);
                }
            }
        }

        return new GoldenResult(
            path, golden.Method, golden.Name, Ok: true, worst, worstParameter is null ? null : worstStep, worstParameter, null);

        static string Text(double deviation) => $"deviates by {deviation.ToString("G4", CultureInfo.InvariantCulture)} of the tolerance";
    }

    /// <summary>The parameters of a case, where they start.</summary>
    internal static Parameter[] Start(GoldenCase golden) => [.. golden.Parameters.Select(parameter =>
        new Parameter(parameter.Name, parameter.Shape, parameter.Initial.ToArray(), new float[parameter.Initial.Length]))];

    /// <summary>
    /// Consecutive parameters without overrides share a group, so that the order of a flat vector stays the order of the file.
    /// </summary>
    internal static List<NamedGroup> Groups(
        GoldenCase golden, Parameter[] parameters, IReadOnlyList<KeyValuePair<string, string>> hyperparameters)
    {
        List<NamedGroup> groups = [];
        List<Parameter> plain = [];
        for (int i = 0; i < parameters.Length; i++)
        {
            if (golden.Parameters[i].Overrides.Count == 0)
            {
                plain.Add(parameters[i]);
                continue;
            }

            FlushPlain();
            groups.Add(new NamedGroup([parameters[i]], [.. hyperparameters, .. golden.Parameters[i].Overrides]));
        }

        FlushPlain();
        return groups;

        void FlushPlain()
        {
            if (plain.Count > 0)
            {
                groups.Add(new NamedGroup([.. plain], hyperparameters));
                plain.Clear();
            }
        }
    }

    private static void Configure(GoldenCase golden, GoldenCase.GoldenStep step, Optimizer optimizer, Action? clearError)
    {
        if (step.ClearsError && clearError is null)
        {
            throw new FormatException($"The method '{golden.Method}' has no 'clearError' to apply.");
        }

        if (step.ClearsError)
        {
            clearError!();
        }

        foreach ((string name, string text) in step.Overrides)
        {
            if (!double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double value))
            {
                throw new FormatException($"The step's hyperparameter {name} is '{text}'; it must be a number.");
            }

            foreach (ParameterGroup group in optimizer.Groups)
            {
                // What a parameter's own options fix stays as it is.
                bool isOwn = golden.Parameters.Any(parameter =>
                    parameter.Name == group.Parameters[0].Name && parameter.Overrides.Any(option => option.Key == name));
                if (!isOwn && !group.TrySet(name, value))
                {
                    throw new FormatException($"The hyperparameter {name} of '{golden.Method}' cannot change at a step.");
                }
            }
        }
    }

    private static void TakeGradients(GoldenCase.GoldenStep step, int worker, Parameter[] parameters)
    {
        Dictionary<string, float[]> gradients = step.WorkerGradients[worker];
        foreach (string name in gradients.Keys)
        {
            if (!Array.Exists(parameters, parameter => parameter.Name == name))
            {
                throw new FormatException($"The step has a gradient of '{name}', which is not a parameter.");
            }
        }

        foreach (Parameter parameter in parameters)
        {
            parameter.HasGradient = gradients.TryGetValue(parameter.Name, out float[]? gradient);
            if (gradient is not null && gradient.Length != parameter.Length)
            {
                throw new FormatException(
                    $"The gradient of '{parameter.Name}' has {gradient.Length} entries; it must have {parameter.Length}.");
            }

            if (gradient is not null)
            {
                TakeGradient(gradient, parameter);
            }
        }
    }

    // As a backward pass would: added where the gradient holds an error.
    private static void TakeGradient(float[] gradient, Parameter parameter)
    {
        if (parameter.GradientHoldsError)
        {
            VectorKernels.MultiplyAdd(parameter.Gradient.Span, 1, gradient, parameter.Gradient.Span);
        }
        else
        {
            gradient.CopyTo(parameter.Gradient);
        }
    }

    // The worst |x - e| as a fraction of absolute + relative |e|; NaN where x is not a number.
    private static double Deviation(ReadOnlySpan<float> actual, ReadOnlySpan<float> expected, GoldenCase golden)
    {
        double worst = 0;
        for (int i = 0; i < expected.Length; i++)
        {
            double tolerance = golden.Absolute + (golden.Relative * Math.Abs((double)expected[i]));
            double deviation = Math.Abs((double)actual[i] - expected[i]) / tolerance;
            if (!(deviation <= worst))
            {
                worst = deviation;
                if (double.IsNaN(worst))
                {
                    break;
                }
            }
        }

        return worst;
    }

    private static GoldenResult Failed(string path, string method, string name, string reason) =>
        new(path, method, name, Ok: false, double.NaN, null, null, reason);
}
