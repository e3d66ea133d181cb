using Residuum.Numerics;

namespace Residuum.Compression;

/// <summary>Everything is sent: n floats, and no rest.</summary>
/// <param name="length">n, the parameter's entries.</param>
internal sealed class DenseMessage(int length) : SummedCompressor
{
    public override long ScratchBytes => 0;

    public override int Floats(int round) => length;

    public override void Encode(int round, ReadOnlySpan<float> corrected, Span<float> message) => corrected.CopyTo(message);

    public override void Remove(Span<float> corrected) => corrected.Clear();

    public override void Decode(ReadOnlySpan<float> sum, int workers, Span<float> mean) => VectorKernels.Divide(sum, workers, mean);
}
