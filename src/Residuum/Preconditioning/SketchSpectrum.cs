namespace Residuum.Preconditioning;

/// <summary>
/// What the columns B of a sketch and of a new X are made of, before anything is rounded: see <see cref="FrequentDirections"/>.
/// </summary>
internal readonly ref struct SketchSpectrum
{
    /// <summary>Whether all of X was finite; otherwise there is nothing else here.</summary>
    public bool IsFinite { get; init; }

    /// <summary>Whether B has at most as many columns as rows, so that the vectors are right ones.</summary>
    public bool IsThin { get; init; }

    /// <summary>A singular vector of B a row: of B's columns where it is thin, otherwise of d elements.</summary>
    public ReadOnlySpan<double> Vectors { get; init; }

    /// <summary>sigma, descending; 0 up to the rank tolerance.</summary>
    public ReadOnlySpan<double> Sigma { get; init; }

    /// <summary>s of the k directions.</summary>
    public ReadOnlySpan<double> SingularValues { get; init; }

    /// <summary>rho.</summary>
    public double EscapedMass { get; init; }

    /// <summary>Room for 64 elements of every column of B.</summary>
    public Span<double> Panel { get; init; }
}
