using Residuum.Numerics;

namespace Residuum.Training.Differentiation;

/// <summary>Shares an element-wise kernel between threads in chunks of fixed length.</summary>
internal sealed class LaneWork<TKernel> : IWork
    where TKernel : struct, ILaneKernel
{
    private const int ChunkLength = 16_384;

    private TKernel _kernel;
    private int _length;

    public void Share(WorkSharing work, in TKernel kernel, int length)
    {
        _kernel = kernel;
        _length = length;
        work.Run(this, (length + ChunkLength - 1) / ChunkLength);
        _kernel = default;
    }

    public void Run(int chunk, int worker)
    {
        TKernel kernel = _kernel;
        int start = chunk * ChunkLength;
        LaneLoop.Run(ref kernel, start, Math.Min(start + ChunkLength, _length), SimdWidth.Lanes);
    }
}
