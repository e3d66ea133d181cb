using Residuum.Optimizers;

namespace Residuum.Training.Trainer;

/// <summary>Measures one step: norms of each gradient, update and weight, and what the optimizer tells of its inside.</summary>
internal sealed class ParameterNorms(IReadOnlyList<Parameter> parameters, Optimizer optimizer)
{
    private float[][]? _before;
    private StepDiagnosis? _diagnosis;

    /// <summary>Remembers the weights.</summary>
    public void BeforeStep()
    {
        _before ??= [.. parameters.Select(parameter => new float[parameter.Length])];
        for (int i = 0; i < parameters.Count; i++)
        {
            parameters[i].Values.Span.CopyTo(_before[i]);
        }

        _diagnosis = optimizer.Diagnose();
    }

    /// <summary>Measures what the step did; gradients are still in place, clipped if the step clipped them.</summary>
    public IReadOnlyList<ParameterDiagnostics> AfterStep()
    {
        List<ParameterDiagnostics> diagnostics = [];
        for (int i = 0; i < parameters.Count; i++)
        {
            ReadOnlySpan<float> after = parameters[i].Values.Span;
            double update = 0;
            for (int j = 0; j < after.Length; j++)
            {
                double change = (double)after[j] - _before![i][j];
                update += change * change;
            }

            Dictionary<string, double> figures = new(StringComparer.Ordinal)
            {
                ["gradientNorm"] = Norm(parameters[i].Gradient.Span),
                ["updateNorm"] = Math.Sqrt(update),
                ["weightNorm"] = Norm(after),
            };
            foreach ((string name, double value) in _diagnosis?.Of(parameters[i]) ?? new Dictionary<string, double>())
            {
                figures.Add(name, value);
            }

            diagnostics.Add(new ParameterDiagnostics(parameters[i].Name, figures));
        }

        return diagnostics;
    }

    private static double Norm(ReadOnlySpan<float> values)
    {
        double sum = 0;
        foreach (float value in values)
        {
            sum += (double)value * value;
        }

        return Math.Sqrt(sum);
    }
}
