using Residuum.Optimizers;

namespace Residuum.Training.Tests.Differentiation;

/// <summary>Lends memory that is full of something else, and writes down what happens.</summary>
internal sealed class RecordingHolder : IGradientHolder
{
    public List<string> Events { get; } = [];

    public Dictionary<string, float[]> Taken { get; } = [];

    public long Bytes => 0;

    public void Lend(Parameter parameter)
    {
        Events.Add($"lend {parameter.Name}");
        if (parameter.Gradient.IsEmpty)
        {
            parameter.Gradient = new float[parameter.Length];
            parameter.Gradient.Span.Fill(float.NaN);
            parameter.HasGradient = false;
        }
    }

    public void Take(Parameter parameter)
    {
        Events.Add($"take {parameter.Name}");
        Taken.Add(parameter.Name, parameter.Gradient.ToArray());
        parameter.Gradient = default;
    }

    public void EndPass() => Events.Add("end");
}
