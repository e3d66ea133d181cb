namespace Residuum.Preconditioning;

/// <summary>An optimizer whose second moments are sketches, for those who look at them: golden cases and diagnoses.</summary>
internal interface ISketched
{
    /// <summary>The sketches of a parameter: for every block one for every axis. None where the parameter has no sketch.</summary>
    IReadOnlyList<IReadOnlyList<FrequentDirections>> SketchesOf(Parameter parameter);
}
