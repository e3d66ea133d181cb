namespace Residuum.Preconditioning;

/// <summary>How strongly a second moment prefers some directions.</summary>
/// <param name="IntrinsicDimension">
/// The trace over the largest eigenvalue: 1 for a single direction, d for none preferred; 0 for a matrix of zeros.
/// </param>
/// <param name="TopQuarterMass">The share of the trace in the largest quarter of the eigenvalues (the paper's top 256 of 1,024).</param>
public readonly record struct Spectrum(double IntrinsicDimension, double TopQuarterMass)
{
    /// <summary>Of eigenvalues; those below 0 are rounding and count as 0.</summary>
    /// <param name="eigenvalues">The largest first.</param>
    public static Spectrum Of(ReadOnlySpan<double> eigenvalues)
    {
        double trace = 0;
        double top = 0;
        for (int i = 0; i < eigenvalues.Length; i++)
        {
            double value = Math.Max(eigenvalues[i], 0);
            trace += value;
            top += 4 * i < eigenvalues.Length ? value : 0;
        }

        return trace > 0 ? new Spectrum(trace / eigenvalues[0], top / trace) : default;
    }
}
