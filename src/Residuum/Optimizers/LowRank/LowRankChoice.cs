namespace Residuum.Optimizers;

/// <summary>Which parameters of a group are low-rank.</summary>
public enum LowRankChoice
{
    /// <summary>Those that the rule of <see cref="LowRankOptions"/> picks.</summary>
    Auto,

    /// <summary>All: one that is no matrix, or too small for the rank, is an error.</summary>
    True,

    /// <summary>None.</summary>
    False,
}
