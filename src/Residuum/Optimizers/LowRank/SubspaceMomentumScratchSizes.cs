using Residuum.Compression;
using Residuum.Numerics;
using Residuum.Preconditioning;

namespace Residuum.Optimizers;

/// <summary>
/// How much working memory <see cref="SubspaceMomentum"/> needs: the largest of each array among its parameters, which take their steps one
/// after the other.
/// </summary>
/// <param name="Coefficients">Floats of the projected gradient.</param>
/// <param name="Entries">Floats of a whole matrix.</param>
/// <param name="Lines">Rows or columns to choose from.</param>
/// <param name="Row">Floats that are divided by a second moment at once.</param>
/// <param name="Sums">Bytes that the second moments themselves take, all together.</param>
/// <param name="Leading">What finding singular vectors takes.</param>
internal readonly record struct SubspaceMomentumScratchSizes(
    int Coefficients, int Entries, int Lines, int Row, long Sums, SubspaceScratchSizes Leading)
{
    /// <summary>The bytes of the arrays.</summary>
    public long Bytes =>
        ScratchArea.BytesOf<float>(Coefficients)
        + ScratchArea.BytesOf<float>(Entries)
        + ScratchArea.BytesOf<double>(Lines)
        + ScratchArea.BytesOf<float>(Row);

    /// <summary>The bytes of all scratch.</summary>
    public long AllBytes => Bytes + Sums + (Leading.IsEmpty ? 0 : LeadingSubspace.BytesFor(Leading));

    /// <summary>The sizes that also do for one more parameter.</summary>
    public SubspaceMomentumScratchSizes Including(string name, IReadOnlyList<int> shape, SubspaceMomentumOptions options)
    {
        SubspaceMomentumScratchSizes sizes = this;
        if (options.Subsets(name, shape) is var (subsetShape, size))
        {
            int row = Math.Min(SubsetMoment.StretchLengthOf(subsetShape, size), TensorShape.ElementCount(subsetShape, name));
            sizes = sizes with { Row = Math.Max(Row, row), Sums = Sums + SubsetMoment.ScratchBytes(subsetShape, size) };
        }

        return options.Decide(name, shape).Layout is { } layout
            ? sizes with
            {
                Coefficients = Math.Max(Coefficients, layout.CoefficientElements),
                Entries = Math.Max(Entries, checked(layout.Rows * layout.Columns)),
                Lines = options.Projection == SubspaceProjection.Topk ? Math.Max(Lines, layout.Side) : Lines,
                Leading = options.Projection == SubspaceProjection.Svd ? Leading.Including(layout) : Leading,
            }
            : sizes;
    }
}
