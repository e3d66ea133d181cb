namespace Residuum.Optimizers;

/// <summary>How a method will treat one parameter, in words, for the plan that a user reads before training.</summary>
/// <param name="Parameter">The parameter's name.</param>
/// <param name="Treatment">For example <c>low-rank, rank 16, basis left</c>, or <c>dense: name in denseNames</c>.</param>
/// <param name="Warning">What the user should know before going on, or null.</param>
public sealed record PlannedTreatment(string Parameter, string Treatment, string? Warning = null);
