using Residuum.State;

namespace Residuum.Optimizers;

/// <summary>The memory and the treatments of methods that project some parameters and leave others dense.</summary>
internal static class LowRankPlan
{
    /// <summary>Adds up the plan.</summary>
    /// <param name="parameters">The parameters with what the rule said of each.</param>
    /// <param name="fields">The fields of a parameter, by its place in the list and what the rule said.</param>
    /// <param name="scratchBytes">The scratch, once all parameters are looked at.</param>
    public static MemoryPlan Of(
        IReadOnlyList<(ShapedParameter Parameter, LowRankDecision Decision)> parameters,
        Func<int, LowRankDecision, IEnumerable<FieldSpec>> fields,
        Func<long> scratchBytes)
    {
        List<PlannedField> planned = [];
        List<PlannedTreatment> treatments = [];
        foreach ((int index, (ShapedParameter parameter, LowRankDecision decision)) in parameters.Index())
        {
            planned.AddRange(fields(index, decision).Select(spec => new PlannedField(parameter.Name, spec)));
            treatments.Add(new PlannedTreatment(parameter.Name, decision.Treatment, decision.Warning));
        }

        return new MemoryPlan(planned, scratchBytes()) { Treatments = treatments };
    }
}
