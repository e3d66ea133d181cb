namespace Residuum.Optimizers;

/// <summary>How LDAdam finds the basis of a step after the first (page, section 3, step 2).</summary>
public enum SubspaceMethod
{
    /// <summary>One power iteration from the previous basis, made orthonormal by Householder reflections.</summary>
    PowerIteration,

    /// <summary>The leading singular vectors, at every step.</summary>
    Svd,
}
