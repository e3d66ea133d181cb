using Residuum.Compression;
using Residuum.Numerics;

namespace Residuum.Optimizers;

/// <summary>
/// How much working memory <see cref="LdAdam"/> needs: the largest of each array among its matrices, which take their steps one after the
/// other.
/// </summary>
/// <param name="Coefficients">Floats of r x n.</param>
/// <param name="Basis">Floats of m x r.</param>
/// <param name="Square">Floats of r x r.</param>
/// <param name="Reflectors">Floats that making a basis orthonormal takes.</param>
/// <param name="Leading">Of matrices whose basis is found by <see cref="SubspaceMethod.Svd"/> at every step.</param>
internal readonly record struct LdAdamScratchSizes(int Coefficients, int Basis, int Square, int Reflectors, SubspaceScratchSizes Leading)
{
    /// <summary>The bytes of all arrays of <see cref="LdAdamScratch"/>.</summary>
    public long Bytes =>
        (4 * ScratchArea.BytesOf<float>(Coefficients))
        + ScratchArea.BytesOf<float>(2L * Coefficients)
        + ScratchArea.BytesOf<float>(Basis)
        + ScratchArea.BytesOf<float>(2L * Basis)
        + (2 * ScratchArea.BytesOf<float>(Square))
        + ScratchArea.BytesOf<float>(Reflectors);

    /// <summary>The bytes of all scratch.</summary>
    public long AllBytes => Bytes + (HasLeading ? LeadingSubspace.BytesFor(Leading) : 0);

    /// <summary>Whether some matrix needs singular vectors at every step.</summary>
    public bool HasLeading => !Leading.IsEmpty;

    /// <summary>The sizes that also do for one more matrix.</summary>
    public LdAdamScratchSizes Including(SubspaceLayout layout, LdAdamOptions options) => new(
        Math.Max(Coefficients, layout.CoefficientElements),
        Math.Max(Basis, layout.BasisElements),
        Math.Max(Square, checked(layout.Rank * layout.Rank)),
        Math.Max(Reflectors, checked((int)HouseholderQr.ScratchLength(layout.Side, layout.Rank))),
        options.SubspaceMethod == SubspaceMethod.Svd ? Leading.Including(layout) : Leading);
}
