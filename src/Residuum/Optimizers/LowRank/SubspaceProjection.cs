namespace Residuum.Optimizers;

/// <summary>What Subspace-Momentum keeps momentum of.</summary>
public enum SubspaceProjection
{
    /// <summary>The gradient's leading singular vectors of the shorter side.</summary>
    Svd,

    /// <summary>The rows (of a matrix with fewer rows than columns, the columns) of largest norm.</summary>
    Topk,

    /// <summary>All of the gradient: ordinary momentum.</summary>
    None,
}
