using Residuum.Numerics;

namespace Residuum.Optimizers;

/// <summary>How much scratch the steps of some tensors take: the largest of each kind.</summary>
/// <param name="FactorBytes">Of each thread, for the update of one factor.</param>
/// <param name="Direction">Floats of the step's direction.</param>
/// <param name="Spare">Floats beside a block while its axes are multiplied.</param>
/// <param name="Gathered">Floats of a block that is copied out.</param>
internal readonly record struct KroneckerScratchSizes(long FactorBytes, int Direction, int Spare, int Gathered)
{
    /// <summary>The bytes of the part that is not per thread.</summary>
    public long SharedBytes =>
        ScratchArea.BytesOf<float>(Direction) + ScratchArea.BytesOf<float>(Spare) + ScratchArea.BytesOf<float>(Gathered);

    /// <summary>All bytes for a number of threads.</summary>
    public long Bytes(int threads) => (threads * FactorBytes) + SharedBytes;

    /// <summary>The sizes when a tensor is among those to step.</summary>
    public KroneckerScratchSizes Including(KroneckerLayout layout) => new(
        Math.Max(FactorBytes, layout.FactorScratchBytes),
        Math.Max(Direction, layout.Length),
        Math.Max(Spare, layout.BlockLength),
        Math.Max(Gathered, layout.IsCut ? layout.BlockLength : 0));
}
