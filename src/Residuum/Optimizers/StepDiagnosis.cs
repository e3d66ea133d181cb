namespace Residuum.Optimizers;

/// <summary>Looks inside one step of a method that compresses: made before the step, read after it.</summary>
/// <remarks>
/// Made by <see cref="Optimizer.Diagnose"/>. It copies what the step overwrites, so it is for a look now and then, not for every step.
/// </remarks>
public abstract class StepDiagnosis
{
    private protected StepDiagnosis()
    {
    }

    /// <summary>What the step did to one parameter.</summary>
    /// <param name="parameter">A parameter of the optimizer that took the step; its gradient is still in place.</param>
    /// <returns>Figures by camelCase name; none if the parameter was skipped.</returns>
    public abstract IReadOnlyDictionary<string, double> Of(Parameter parameter);
}
