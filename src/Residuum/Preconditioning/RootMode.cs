namespace Residuum.Preconditioning;

/// <summary>How the inverse root of a dense Kronecker factor treats small eigenvalues.</summary>
public enum RootMode
{
    /// <summary>Eigenvalues up to the rank tolerance times the largest become 0, the others <c>lambda^e</c>; no epsilon.</summary>
    PseudoInverse,

    /// <summary><c>(max(lambda, 0) + epsilon)^e</c>.</summary>
    Ridge,
}
