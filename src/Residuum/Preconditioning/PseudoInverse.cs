namespace Residuum.Preconditioning;

/// <summary>Powers of eigenvalues in the sense of Moore and Penrose: 0 stays 0 under a negative exponent.</summary>
internal static class PseudoInverse
{
    /// <summary><c>x^exponent</c> for x > 0, else 0.</summary>
    public static double Power(double x, double exponent) => x > 0 ? Math.Pow(x, exponent) : 0;
}
