using System.Buffers.Binary;
using System.Numerics;
using Residuum.Numerics;

namespace Residuum.Compression;

/// <summary>
/// Unbiased stochastic rounding to S levels of each bucket's norm (methods page of ConEF, 3.6): a baseline without error memory.
/// </summary>
/// <remarks>
/// <c>v -> |b| / S * sign(v) * (l + [u &lt; a - l])</c> with a = S |v| / |b| and l = floor(a). The message: 32 bits a bucket, then
/// 1 + ceil(log2(S + 1)) bits an entry, sign first.
/// </remarks>
internal sealed class Qsgd : GatheredCompressor
{
    private readonly int _length;
    private readonly int _bucket;
    private readonly int _levels;
    private readonly int _bits;
    private readonly ulong _seed;
    private readonly ulong _parameter;
    private long _step;

    /// <summary>Makes a compressor.</summary>
    /// <param name="length">n, the parameter's entries.</param>
    /// <param name="bucket">B, the entries of a bucket.</param>
    /// <param name="levels">S.</param>
    /// <param name="seed">The exchange's seed.</param>
    /// <param name="parameter">The parameter's position in the list.</param>
    public Qsgd(int length, int bucket, int levels, ulong seed, ulong parameter)
    {
        _length = length;
        _bucket = bucket;
        _levels = levels;
        _bits = BitsOf(levels);
        _seed = seed;
        _parameter = parameter;
    }

    public override long ScratchBytes => 0;

    public override long MessageBytes => MessageBytesOf(_length, _bucket, _levels);

    private int Buckets => BucketsOf(_length, _bucket);

    /// <summary>The bytes of a message: a float a bucket, and the packed entries.</summary>
    public static long MessageBytesOf(int length, int bucket, int levels) =>
        (sizeof(float) * (long)BucketsOf(length, bucket)) + (((BitsOf(levels) * (long)length) + 7) / 8);

    public override void Begin(long step) => _step = step;

    public override void Encode(ReadOnlySpan<float> corrected, Span<byte> message)
    {
        Span<byte> packed = message[(sizeof(float) * Buckets)..];
        packed.Clear();
        ulong series = SharedDraws.Series(_seed, (ulong)_step, _parameter);
        for (int bucket = 0; bucket < Buckets; bucket++)
        {
            int start = bucket * _bucket;
            ReadOnlySpan<float> entries = corrected.Slice(start, Math.Min(_bucket, _length - start));
            float norm = (float)Math.Sqrt(Reductions.SumOfSquares(entries));
            BinaryPrimitives.WriteSingleLittleEndian(message[(sizeof(float) * bucket)..], norm);
            for (int i = 0; i < entries.Length && norm > 0; i++)
            {
                double a = Math.Min(_levels, _levels * Math.Abs((double)entries[i]) / norm);
                double u = SharedDraws.Unit(SharedDraws.Of(series, (ulong)(start + i)));
                int level = (int)a;
                level += u < a - level ? 1 : 0;
                Pack(packed, start + i, (level << 1) | (entries[i] < 0 ? 1 : 0));
            }
        }
    }

    public override void Remove(Span<float> corrected, ReadOnlySpan<byte> own) => Add(own, -1, corrected);

    public override void AddDecoded(ReadOnlySpan<byte> message, Span<float> sum) => Add(message, 1, sum);

    private void Add(ReadOnlySpan<byte> message, float factor, Span<float> target)
    {
        ReadOnlySpan<byte> packed = message[(sizeof(float) * Buckets)..];
        for (int bucket = 0; bucket < Buckets; bucket++)
        {
            int start = bucket * _bucket;
            float unit = factor * BinaryPrimitives.ReadSingleLittleEndian(message[(sizeof(float) * bucket)..]) / _levels;
            Span<float> entries = target.Slice(start, Math.Min(_bucket, _length - start));
            for (int i = 0; i < entries.Length; i++)
            {
                int code = Unpack(packed, start + i);
                entries[i] += unit * ((code & 1) != 0 ? -(code >> 1) : code >> 1);
            }
        }
    }

    private static int BucketsOf(int length, int bucket) => (int)(((long)length + bucket - 1) / bucket);

    // The sign, and ceil(log2(S + 1)) bits for a level from 0 to S.
    private static int BitsOf(int levels) => 1 + BitOperations.Log2((uint)levels) + 1;

    // A code of at most 16 bits lies in at most three bytes, lowest bit first.
    private void Pack(Span<byte> packed, int index, int code)
    {
        long first = (long)index * _bits;
        int shifted = code << (int)(first % 8);
        for (int at = (int)(first / 8); shifted != 0; at++, shifted >>= 8)
        {
            packed[at] |= (byte)shifted;
        }
    }

    private int Unpack(ReadOnlySpan<byte> packed, int index)
    {
        long first = (long)index * _bits;
        int shift = (int)(first % 8);
        int code = 0;
        for (int at = (int)(first / 8), have = 0; have < shift + _bits; at++, have += 8)
        {
            code |= packed[at] << have;
        }

        return (code >> shift) & ((1 << _bits) - 1);
    }
}
