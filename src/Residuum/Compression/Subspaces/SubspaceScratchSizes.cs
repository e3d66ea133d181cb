using Residuum.Numerics;

namespace Residuum.Compression;

/// <summary>How much memory <see cref="LeadingSubspace"/> needs for the largest of some matrices.</summary>
/// <param name="Exact">The longest shorter side whose Gram matrix is decomposed.</param>
/// <param name="PanelElements">Floats of a panel of the matrix, or of a small product of rank by rank.</param>
/// <param name="Vectors">Floats of the singular vectors of a shorter side.</param>
/// <param name="LongBasis">Floats of the largest basis on a longer side.</param>
/// <param name="Reflectors">Floats that making that basis orthonormal takes.</param>
/// <param name="Iterative">What matrices take whose vectors are iterated.</param>
internal readonly record struct SubspaceScratchSizes(
    int Exact, int PanelElements, int Vectors, int LongBasis, int Reflectors, BlockKrylov.Sizes Iterative)
{
    /// <summary>Columns of the matrix in a panel, which are its rows.</summary>
    public const int PanelRows = 64;

    private const int LongestExact = 1024;

    /// <summary>Whether there is no matrix.</summary>
    public bool IsEmpty => Vectors == 0;

    /// <summary>Whether vectors are iterated and not decomposed.</summary>
    public static bool IsIterative(SubspaceLayout layout)
    {
        int shortSide = Math.Min(layout.Side, layout.Length);
        return shortSide > LongestExact && layout.Rank <= shortSide / 4;
    }

    /// <summary>The sizes that also do for one more matrix.</summary>
    public SubspaceScratchSizes Including(SubspaceLayout layout)
    {
        int shortSide = Math.Min(layout.Side, layout.Length);
        int found = Math.Min(layout.Rank, shortSide);
        bool isShort = layout.Side <= layout.Length;
        bool iterative = IsIterative(layout);
        int panel = Math.Max(iterative ? 0 : PanelRows * shortSide, checked(found * layout.Rank));
        return new SubspaceScratchSizes(
            iterative ? Exact : Math.Max(Exact, shortSide),
            Math.Max(PanelElements, panel),
            Math.Max(Vectors, checked(found * shortSide)),
            isShort ? LongBasis : Math.Max(LongBasis, layout.BasisElements),
            isShort ? Reflectors : Math.Max(Reflectors, checked((int)HouseholderQr.ScratchLength(layout.Side, layout.Rank))),
            iterative ? Iterative.Including(shortSide, Math.Max(layout.Side, layout.Length), found) : Iterative);
    }
}
