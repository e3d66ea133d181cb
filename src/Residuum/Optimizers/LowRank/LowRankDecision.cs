using System.Globalization;
using Residuum.Compression;

namespace Residuum.Optimizers;

/// <summary>Whether a parameter is low-rank, and how or why not.</summary>
/// <param name="Layout">How it is projected; null where it is dense.</param>
/// <param name="IsTwoSided">Whether both sides have a basis.</param>
/// <param name="Reason">Why it is dense; empty where it is not.</param>
internal sealed record LowRankDecision(SubspaceLayout? Layout, bool IsTwoSided, string Reason)
{
    public static LowRankDecision Dense(string reason) => new(null, IsTwoSided: false, reason);

    public static LowRankDecision LowRank(SubspaceLayout layout, bool isTwoSided) => new(layout, isTwoSided, "");

    /// <summary>The plan's words.</summary>
    public string Treatment => Layout is { } layout
        ? string.Create(
            CultureInfo.InvariantCulture,
            $"low-rank, rank {layout.Rank}, basis {(IsTwoSided ? "on both sides" : layout.IsRight ? "right" : "left")}")
        : $"dense: {Reason}";

    /// <summary>
    /// A warning where the projected moments and the basis are as large as two dense moments (page of LDAdam, section 10, 5).
    /// </summary>
    public string? Warning
    {
        get
        {
            if (Layout is not { } layout || IsTwoSided)
            {
                return null;
            }

            long lowRank = layout.Rank * ((2L * layout.Length) + layout.Side);
            long dense = 2L * layout.Rows * layout.Columns;
            return lowRank < dense
                ? null
                : string.Create(
                    CultureInfo.InvariantCulture,
                    $"rank {layout.Rank} saves nothing: r (2L + S) = {lowRank} numbers of state, dense moments 2 L S = {dense}");
        }
    }
}
