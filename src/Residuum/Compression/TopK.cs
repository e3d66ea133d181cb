using System.Runtime.InteropServices;
using Residuum.Numerics;

namespace Residuum.Compression;

/// <summary>
/// The k entries of largest magnitude of the whole parameter, with their indices: 8 bytes an entry (methods page of ConEF, 3.5).
/// </summary>
/// <param name="length">n, the parameter's entries.</param>
/// <param name="ratio">k = max(1, floor(ratio * n)).</param>
internal sealed class TopK(int length, double ratio) : GatheredCompressor
{
    private readonly int _kept = RandomBlock.KeptOf(length, ratio);

    public override long ScratchBytes => 0;

    public override long MessageBytes => _kept * (long)(sizeof(int) + sizeof(float));

    public override void Encode(ReadOnlySpan<float> corrected, Span<byte> message)
    {
        Span<int> indices = Indices(message);
        Span<float> values = Values(message);
        LargestMagnitudes.Select(corrected, indices);
        for (int i = 0; i < _kept; i++)
        {
            values[i] = corrected[indices[i]];
        }
    }

    public override void Remove(Span<float> corrected, ReadOnlySpan<byte> own)
    {
        foreach (int index in MemoryMarshal.Cast<byte, int>(own)[.._kept])
        {
            corrected[index] = 0;
        }
    }

    public override void AddDecoded(ReadOnlySpan<byte> message, Span<float> sum)
    {
        ReadOnlySpan<int> indices = MemoryMarshal.Cast<byte, int>(message)[.._kept];
        ReadOnlySpan<float> values = MemoryMarshal.Cast<byte, float>(message)[_kept..];
        for (int i = 0; i < _kept; i++)
        {
            sum[indices[i]] += values[i];
        }
    }

    private Span<int> Indices(Span<byte> message) => MemoryMarshal.Cast<byte, int>(message)[.._kept];

    private Span<float> Values(Span<byte> message) => MemoryMarshal.Cast<byte, float>(message)[_kept..];
}
