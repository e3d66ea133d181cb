namespace Residuum.Preconditioning;

/// <summary>How a <see cref="DenseFactor"/> gathers and inverts: the options of Shampoo that concern it.</summary>
/// <param name="Decay">beta2, the factor of the old matrix.</param>
/// <param name="Weight">The factor of the new <c>Y Y^T</c>.</param>
/// <param name="CorrectsBias">Whether the matrix is divided by <c>1 - beta2^n</c> before its root, n being its updates so far.</param>
/// <param name="Mode">How small eigenvalues are treated.</param>
/// <param name="Epsilon">The ridge.</param>
/// <param name="IsRelative">Whether the ridge is a share of the largest eigenvalue.</param>
/// <param name="RankTolerance">The share of the largest eigenvalue up to which eigenvalues count as 0.</param>
/// <param name="Exponent">e, negative.</param>
/// <param name="StatisticsEvery">Steps from one update of the matrix to the next.</param>
/// <param name="RootsEvery">Steps from one root to the next.</param>
internal sealed record DenseFactorSettings(
    double Decay,
    double Weight,
    bool CorrectsBias,
    RootMode Mode,
    double Epsilon,
    bool IsRelative,
    double RankTolerance,
    double Exponent,
    int StatisticsEvery,
    int RootsEvery);
