using Residuum.Compression;
using Residuum.Numerics;

namespace Residuum.Optimizers;

/// <summary>
/// How much working memory <see cref="GaLore"/> needs: the largest of each array among its matrices, which take their steps one after the
/// other.
/// </summary>
/// <param name="Coefficients">Floats of the projected gradient.</param>
/// <param name="Inner">Floats of the gradient projected on both sides.</param>
/// <param name="Leading">What finding the bases takes.</param>
internal readonly record struct GaLoreScratchSizes(int Coefficients, int Inner, SubspaceScratchSizes Leading)
{
    /// <summary>The bytes of both arrays.</summary>
    public long Bytes => ScratchArea.BytesOf<float>(Coefficients) + ScratchArea.BytesOf<float>(Inner);

    /// <summary>The bytes of all scratch.</summary>
    public long AllBytes => Leading.IsEmpty ? 0 : Bytes + LeadingSubspace.BytesFor(Leading);

    /// <summary>The sizes that also do for one more matrix.</summary>
    public GaLoreScratchSizes Including(LowRankDecision decision)
    {
        SubspaceLayout layout = decision.Layout!.Value;
        return decision.IsTwoSided
            ? new GaLoreScratchSizes(
                Math.Max(Coefficients, (layout with { IsRight = false }).CoefficientElements),
                Math.Max(Inner, checked(layout.Rank * layout.Rank)),
                Leading.Including(layout with { IsRight = false }).Including(layout with { IsRight = true }))
            : new GaLoreScratchSizes(Math.Max(Coefficients, layout.CoefficientElements), Inner, Leading.Including(layout));
    }
}
