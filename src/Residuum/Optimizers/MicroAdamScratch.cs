using Residuum.Numerics;

namespace Residuum.Optimizers;

/// <summary>The working memory of one thread of <see cref="MicroAdam"/>.</summary>
internal readonly ref struct MicroAdamScratch
{
    public MicroAdamScratch(ScratchArea area, MicroAdamScratchSizes sizes)
    {
        Corrected = area.Take<float>(sizes.Unit);
        Dense = area.Take<float>(sizes.DenseUnit);
        M = area.Take<float>(sizes.Block);
        W = area.Take<float>(sizes.Block);
        Candidates = area.Take<ushort>(sizes.Block);
        Magnitudes = area.Take<int>(sizes.Block);
        Weight1 = area.Take<float>(sizes.Entries);
        Weight2 = area.Take<float>(sizes.Entries);
        First = area.Take<float>(sizes.Entries);
        Second = area.Take<float>(sizes.Entries);
        Touched = area.Take<ushort>(sizes.Entries);
    }

    /// <summary>a of the unit, and after step 4 what is left of it.</summary>
    public Span<float> Corrected { get; }

    /// <summary>A dense update of the unit, for the densified variants alone.</summary>
    public Span<float> Dense { get; }

    /// <summary>M of the block; zero between blocks.</summary>
    public Span<float> M { get; }

    /// <summary>W of the block; zero between blocks.</summary>
    public Span<float> W { get; }

    /// <summary>For the selection.</summary>
    public Span<ushort> Candidates { get; }

    /// <summary>For the selection.</summary>
    public Span<int> Magnitudes { get; }

    /// <summary>beta1 to the age, for every entry of a block's window.</summary>
    public Span<float> Weight1 { get; }

    /// <summary>beta2 to the age, likewise.</summary>
    public Span<float> Weight2 { get; }

    /// <summary>Contributions to M, then M of the touched entries, then u.</summary>
    public Span<float> First { get; }

    /// <summary>Contributions to W, then W of the touched entries.</summary>
    public Span<float> Second { get; }

    /// <summary>The touched indices of the block.</summary>
    public Span<ushort> Touched { get; }
}
