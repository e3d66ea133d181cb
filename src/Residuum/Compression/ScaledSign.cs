using System.Buffers.Binary;
using Residuum.Numerics;

namespace Residuum.Compression;

/// <summary>
/// The signs, 1 bit an entry, and the mean magnitude: <c>Q(p) = (|p|_1 / n) sign(p)</c> with sign(0) = +1 (methods page of ConEF, 3.4).
/// </summary>
/// <param name="length">n, the parameter's entries.</param>
internal sealed class ScaledSign(int length) : GatheredCompressor
{
    public override long ScratchBytes => 0;

    public override long MessageBytes => sizeof(float) + SignBits.BytesOf(length);

    public override void Encode(ReadOnlySpan<float> corrected, Span<byte> message)
    {
        BinaryPrimitives.WriteSingleLittleEndian(message, (float)(Reductions.SumOfMagnitudes(corrected) / length));
        SignBits.Pack(corrected, message[sizeof(float)..]);
    }

    public override void Remove(Span<float> corrected, ReadOnlySpan<byte> own) => Add(own, -1, corrected);

    public override void AddDecoded(ReadOnlySpan<byte> message, Span<float> sum) => Add(message, 1, sum);

    private static void Add(ReadOnlySpan<byte> message, float factor, Span<float> target) =>
        SignBits.Add(message[sizeof(float)..], factor * BinaryPrimitives.ReadSingleLittleEndian(message), target);
}
