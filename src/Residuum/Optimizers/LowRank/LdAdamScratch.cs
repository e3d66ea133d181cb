using Residuum.Compression;
using Residuum.Numerics;

namespace Residuum.Optimizers;

/// <summary>The working memory of the step of one matrix in <see cref="LdAdam"/>.</summary>
internal readonly ref struct LdAdamScratch
{
    public LdAdamScratch(ScratchArea area, LdAdamScratchSizes sizes, SubspaceLayout layout)
    {
        int coefficients = layout.CoefficientElements;
        int basis = layout.BasisElements;
        int square = layout.Rank * layout.Rank;
        Mixed = area.Take<float>(sizes.Coefficients)[..coefficients];
        Projected = area.Take<float>(sizes.Coefficients)[..coefficients];
        Carried = area.Take<float>(sizes.Coefficients)[..coefficients];
        Spread = area.Take<float>(sizes.Coefficients)[..coefficients];
        Factors = area.Take<float>(2 * sizes.Coefficients)[..(2 * coefficients)];
        OldBasis = area.Take<float>(sizes.Basis)[..basis];
        Bases = area.Take<float>(2 * sizes.Basis)[..(2 * basis)];
        Turn = area.Take<float>(sizes.Square)[..square];
        Squares = area.Take<float>(sizes.Square)[..square];
        Reflectors = area.Take<float>(sizes.Reflectors);
    }

    /// <summary>B^T U of the power iteration, transposed; later the variance in the old basis. r x n.</summary>
    public Span<float> Mixed { get; }

    /// <summary>U_{t-1}^T A of the power iteration; later a. r x n.</summary>
    public Span<float> Projected { get; }

    /// <summary>mt, the first moment in the new basis. r x n.</summary>
    public Span<float> Carried { get; }

    /// <summary>The variance in the new basis; later D. r x n.</summary>
    public Span<float> Spread { get; }

    /// <summary>What is taken out of A: a + c mt above -c m_{t-1}. 2r x n.</summary>
    public Span<float> Factors { get; }

    /// <summary>U_{t-1}. m x r.</summary>
    public Span<float> OldBasis { get; }

    /// <summary>Y and its columns side by side in memory; later U_t and U_{t-1} side by side as m x 2r.</summary>
    public Span<float> Bases { get; }

    /// <summary>Q = U_t^T U_{t-1}. r x r.</summary>
    public Span<float> Turn { get; }

    /// <summary>Q o Q. r x r.</summary>
    public Span<float> Squares { get; }

    /// <summary>For the Householder reflections.</summary>
    public Span<float> Reflectors { get; }
}
