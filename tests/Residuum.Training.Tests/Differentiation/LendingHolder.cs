using Residuum.Optimizers;

namespace Residuum.Training.Tests.Differentiation;

/// <summary>Takes the values of parameters, and lends copies that are spoilt as soon as they have returned.</summary>
internal sealed class LendingHolder : IValueHolder
{
    private readonly Dictionary<Parameter, float[]> _values;
    private readonly List<Parameter> _lent = [];

    public LendingHolder(IEnumerable<Parameter> parameters)
    {
        _values = parameters.ToDictionary(parameter => parameter, parameter => parameter.Values.ToArray());
        foreach (Parameter parameter in _values.Keys)
        {
            parameter.Values = default;
        }
    }

    public List<string> Events { get; } = [];

    /// <summary>The most parameters that one operation had.</summary>
    public int MostTogether { get; private set; }

    public long Bytes => 0;

    public void Lend(Parameter parameter)
    {
        Events.Add(parameter.Name);
        if (!_lent.Contains(parameter))
        {
            parameter.Values = _values[parameter].ToArray();
            _lent.Add(parameter);
            MostTogether = Math.Max(MostTogether, _lent.Count);
        }
    }

    public void Release()
    {
        foreach (Parameter parameter in _lent)
        {
            parameter.Values.Span.Fill(float.NaN);
            parameter.Values = default;
        }

        _lent.Clear();
    }
}
