namespace Residuum.Optimizers;

/// <summary>The memory of an optimizer, known from shapes and options alone.</summary>
/// <param name="Fields">Every field of state with the parameter it belongs to (null: the optimizer as a whole).</param>
/// <param name="ScratchBytes">The scratch of all worker threads together.</param>
public sealed record MemoryPlan(IReadOnlyList<PlannedField> Fields, long ScratchBytes)
{
    /// <summary>How the method treats each parameter, where it treats them differently; else none.</summary>
    public IReadOnlyList<PlannedTreatment> Treatments { get; init; } = [];

    /// <summary>
    /// The bytes of gradients where they are divided between ranks; null where each parameter has its own, of its own size.
    /// </summary>
    public long? GradientBytes { get; init; }

    /// <summary>The bytes of parameters where they are divided between ranks; null where each rank has them all.</summary>
    public long? ParameterBytes { get; init; }

    /// <summary>
    /// The bytes of state without the counters and what lies in the gradients: equals <see cref="Optimizer.StateBytes"/>.
    /// </summary>
    public long StateBytes => Fields.Where(planned => planned.Spec.IsOwnMemory).Sum(planned => planned.Spec.Bytes);

    /// <summary>The bytes of the counters: equals <see cref="Optimizer.CounterBytes"/>.</summary>
    public long CounterBytes => Fields.Where(planned => planned.Spec.IsCounter).Sum(planned => planned.Spec.Bytes);
}
