namespace Residuum.Optimizers;

/// <summary>Where an epsilon is added to a root.</summary>
public enum EpsilonPlacement
{
    /// <summary>Under the root: <c>sqrt(v + epsilon)</c>.</summary>
    Inside,

    /// <summary>To the root: <c>sqrt(v) + epsilon</c>.</summary>
    Outside,
}
