using Residuum.State;

namespace Residuum.Optimizers;

/// <summary>A field of state that an optimizer will have.</summary>
/// <param name="Owner">The parameter's name, or null for the optimizer as a whole.</param>
/// <param name="Spec">What it is.</param>
public sealed record PlannedField(string? Owner, FieldSpec Spec);
