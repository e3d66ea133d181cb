using Residuum.Compression;
using Residuum.Numerics;

namespace Residuum.Optimizers;

/// <summary>How much working memory a thread of <see cref="MicroAdam"/> needs: the largest unit, block and window of all tensors.</summary>
/// <param name="Unit">Entries of the largest unit.</param>
/// <param name="DenseUnit">The same among tensors whose update is dense.</param>
/// <param name="Block">Entries of the largest top-k block.</param>
/// <param name="Entries">m k of the block that keeps most.</param>
internal readonly record struct MicroAdamScratchSizes(int Unit, int DenseUnit, int Block, int Entries)
{
    /// <summary>The bytes of all arrays of <see cref="MicroAdamScratch"/>.</summary>
    public long Bytes => checked(
        ScratchArea.BytesOf<float>(Unit)
        + ScratchArea.BytesOf<float>(DenseUnit)
        + ScratchArea.BytesOf<int>(Block + TopKSelection.Slack)
        + ScratchArea.BytesOf<int>(Block)
        + (3 * ScratchArea.BytesOf<float>(Entries))
        + (2 * ScratchArea.BytesOf<float>(2L * Entries))
        + ScratchArea.BytesOf<ushort>(Block)
        + ScratchArea.BytesOf<ushort>(Entries));

    /// <summary>The sizes that also do for one more tensor.</summary>
    public MicroAdamScratchSizes Including(int length, int granule, MicroAdamOptions options)
    {
        BlockTopK layout = MicroAdamTensor.LayoutOf(length, options);
        int unit = MicroAdamTensor.UnitOf(layout, granule);
        return new MicroAdamScratchSizes(
            Math.Max(Unit, unit),
            Math.Max(DenseUnit, options.Densify == Densify.None ? 0 : unit),
            Math.Max(Block, layout.BlockLength),
            Math.Max(Entries, options.Window * layout.KeptOfFull));
    }
}
