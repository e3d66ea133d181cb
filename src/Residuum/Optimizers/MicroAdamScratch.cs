using Residuum.Numerics;

namespace Residuum.Optimizers;

/// <summary>The working memory of one thread of <see cref="MicroAdam"/>.</summary>
internal readonly ref struct MicroAdamScratch
{
    public MicroAdamScratch(ScratchArea area, MicroAdamScratchSizes sizes)
    {
        Corrected = area.Take<float>(sizes.Unit);
        Dense = area.Take<float>(sizes.DenseUnit);
        Candidates = area.Take<int>(sizes.Block + TopKSelection.Slack);
        Magnitudes = area.Take<int>(sizes.Block);
        Weight1 = area.Take<float>(sizes.Entries);
        Weight2 = area.Take<float>(sizes.Entries);
        Pairs = area.Take<float>(2 * sizes.Entries);
        Moments = area.Take<float>(2 * sizes.Entries);
        Slots = area.Take<ushort>(sizes.Block);
        U = area.Take<float>(sizes.Entries);
        Touched = area.Take<ushort>(sizes.Entries);
    }

    /// <summary>a of the unit, and after step 4 what is left of it.</summary>
    public Span<float> Corrected { get; }

    /// <summary>A dense update of the unit, for the densified variants alone.</summary>
    public Span<float> Dense { get; }

    /// <summary>For the selection.</summary>
    public Span<int> Candidates { get; }

    /// <summary>For the selection.</summary>
    public Span<int> Magnitudes { get; }

    /// <summary>beta1 to the age, for every entry of a block's window.</summary>
    public Span<float> Weight1 { get; }

    /// <summary>beta2 to the age, likewise.</summary>
    public Span<float> Weight2 { get; }

    /// <summary>What the window's entries add to the moments.</summary>
    public Span<float> Pairs { get; }

    /// <summary>The pairs (M, W) of the touched entries.</summary>
    public Span<float> Moments { get; }

    /// <summary>For the moments: where those of an entry of the block are.</summary>
    public Span<ushort> Slots { get; }

    /// <summary>u of the touched entries.</summary>
    public Span<float> U { get; }

    /// <summary>The touched indices of the block.</summary>
    public Span<ushort> Touched { get; }
}
