namespace Residuum.Optimizers;

/// <summary>Looks inside a step of several methods: each is asked about its own parameters.</summary>
internal sealed class HybridDiagnosis : StepDiagnosis
{
    private readonly Dictionary<Parameter, StepDiagnosis> _of = [];

    /// <summary>Prepares every part that has something to tell.</summary>
    /// <param name="parts">The optimizers.</param>
    public HybridDiagnosis(IEnumerable<Optimizer> parts)
    {
        foreach (Optimizer part in parts)
        {
            if (part.Diagnose() is StepDiagnosis diagnosis)
            {
                foreach (Parameter parameter in part.Groups.SelectMany(group => group.Parameters))
                {
                    _of.Add(parameter, diagnosis);
                }
            }
        }
    }

    /// <summary>Whether no part has anything to tell.</summary>
    public bool IsEmpty => _of.Count == 0;

    /// <inheritdoc/>
    public override IReadOnlyDictionary<string, double> Of(Parameter parameter) =>
        _of.TryGetValue(parameter, out StepDiagnosis? diagnosis) ? diagnosis.Of(parameter) : new Dictionary<string, double>();
}
