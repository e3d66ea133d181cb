using Residuum.Numerics;

namespace Residuum.Compression;

/// <summary>
/// k consecutive entries from a start that all workers draw alike, round the end of the array (methods page of ConEF, 3.1).
/// </summary>
/// <param name="length">n, the parameter's entries.</param>
/// <param name="ratio">k = max(1, floor(ratio * n)).</param>
/// <param name="isScaled">Whether values are multiplied by n/k, which makes the message unbiased.</param>
/// <param name="seed">The exchange's seed.</param>
/// <param name="parameter">The parameter's position in the list.</param>
internal sealed class RandomBlock(int length, double ratio, bool isScaled, ulong seed, ulong parameter) : SummedCompressor
{
    private readonly int _kept = KeptOf(length, ratio);
    private int _start;

    public override long ScratchBytes => 0;

    /// <summary>The block's first entry in the step that began last.</summary>
    public int Start => _start;

    /// <summary>k = max(1, floor(ratio * n)), computed in double.</summary>
    public static int KeptOf(int length, double ratio) => (int)BlockTopK.KeptOfWhole(length, ratio);

    public override int Floats(int round) => _kept;

    public override void Begin(long step) => _start = SharedDraws.Below(SharedDraws.Draw(seed, (ulong)step, parameter, 0), length);

    public override void Encode(int round, ReadOnlySpan<float> corrected, Span<float> message)
    {
        corrected.Slice(_start, BeforeEnd).CopyTo(message);
        corrected[..(_kept - BeforeEnd)].CopyTo(message[BeforeEnd..]);
    }

    public override void Remove(Span<float> corrected)
    {
        corrected.Slice(_start, BeforeEnd).Clear();
        corrected[..(_kept - BeforeEnd)].Clear();
    }

    public override void Decode(ReadOnlySpan<float> sum, int workers, Span<float> mean)
    {
        mean.Clear();
        double divisor = isScaled ? workers * ((double)_kept / length) : workers;
        VectorKernels.Divide(sum[..BeforeEnd], (float)divisor, mean.Slice(_start, BeforeEnd));
        VectorKernels.Divide(sum[BeforeEnd.._kept], (float)divisor, mean[..(_kept - BeforeEnd)]);
    }

    /// <summary>The entries of the block that lie before the array's end; the others are at its beginning.</summary>
    private int BeforeEnd => Math.Min(_kept, length - _start);
}
