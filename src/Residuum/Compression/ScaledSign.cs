using System.Buffers.Binary;

namespace Residuum.Compression;

/// <summary>
/// The signs, 1 bit an entry, and the mean magnitude: <c>Q(p) = (|p|_1 / n) sign(p)</c> with sign(0) = +1 (methods page of ConEF, 3.4).
/// </summary>
/// <param name="length">n, the parameter's entries.</param>
internal sealed class ScaledSign(int length) : GatheredCompressor
{
    public override long ScratchBytes => 0;

    public override long MessageBytes => sizeof(float) + ((length + 7L) / 8);

    public override void Encode(ReadOnlySpan<float> corrected, Span<byte> message)
    {
        double sum = 0;
        Span<byte> bits = message[sizeof(float)..];
        for (int start = 0; start < corrected.Length; start += 8)
        {
            int end = Math.Min(start + 8, corrected.Length);
            int eight = 0;
            for (int i = start; i < end; i++)
            {
                sum += Math.Abs((double)corrected[i]);
                eight |= corrected[i] >= 0 ? 1 << (i - start) : 0;
            }

            bits[start / 8] = (byte)eight;
        }

        BinaryPrimitives.WriteSingleLittleEndian(message, (float)(sum / length));
    }

    public override void Remove(Span<float> corrected, ReadOnlySpan<byte> own) => Add(own, -1, corrected);

    public override void AddDecoded(ReadOnlySpan<byte> message, Span<float> sum) => Add(message, 1, sum);

    private static void Add(ReadOnlySpan<byte> message, float factor, Span<float> target)
    {
        float scale = factor * BinaryPrimitives.ReadSingleLittleEndian(message);
        ReadOnlySpan<byte> bits = message[sizeof(float)..];
        for (int i = 0; i < target.Length; i++)
        {
            target[i] += (bits[i / 8] >> (i % 8) & 1) != 0 ? scale : -scale;
        }
    }
}
