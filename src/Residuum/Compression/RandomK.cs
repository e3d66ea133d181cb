using System.Numerics;
using Residuum.Numerics;

namespace Residuum.Compression;

/// <summary>
/// k distinct entries that all workers draw alike by Floyd's method, sent in ascending order (methods page of ConEF, 3.2).
/// </summary>
internal sealed class RandomK : SummedCompressor
{
    private readonly int _length;
    private readonly bool _isScaled;
    private readonly ulong _seed;
    private readonly ulong _parameter;
    private readonly int[] _indices;
    private readonly ulong[] _chosen;

    /// <summary>Makes a compressor.</summary>
    /// <param name="length">n, the parameter's entries.</param>
    /// <param name="ratio">k = max(1, floor(ratio * n)).</param>
    /// <param name="isScaled">Whether values are multiplied by n/k, which makes the message unbiased.</param>
    /// <param name="seed">The exchange's seed.</param>
    /// <param name="parameter">The parameter's position in the list.</param>
    public RandomK(int length, double ratio, bool isScaled, ulong seed, ulong parameter)
    {
        _length = length;
        _isScaled = isScaled;
        _seed = seed;
        _parameter = parameter;
        _indices = new int[RandomBlock.KeptOf(length, ratio)];
        _chosen = new ulong[(length + 63) / 64];
    }

    public override long ScratchBytes => (_indices.Length * (long)sizeof(int)) + (_chosen.Length * (long)sizeof(ulong));

    /// <summary>The bytes of indices and of the set of those chosen: what <see cref="ScratchBytes"/> will be.</summary>
    public static long ScratchBytesOf(int length, double ratio) =>
        (RandomBlock.KeptOf(length, ratio) * (long)sizeof(int)) + ((length + 63L) / 64 * sizeof(ulong));

    /// <summary>The entries that the step that began last keeps, ascending.</summary>
    public ReadOnlySpan<int> Indices => _indices;

    public override int Floats(int round) => _indices.Length;

    public override void Begin(long step)
    {
        Array.Clear(_chosen);
        ulong series = SharedDraws.Series(_seed, (ulong)step, _parameter);
        int first = _length - _indices.Length;
        for (int j = first; j < _length; j++)
        {
            int u = SharedDraws.Below(SharedDraws.Of(series, (ulong)(j - first)), j + 1);
            int taken = (_chosen[u / 64] >> (u % 64) & 1) == 0 ? u : j;
            _chosen[taken / 64] |= 1UL << (taken % 64);
        }

        int count = 0;
        for (int word = 0; word < _chosen.Length; word++)
        {
            for (ulong bits = _chosen[word]; bits != 0; bits &= bits - 1)
            {
                _indices[count++] = (64 * word) + BitOperations.TrailingZeroCount(bits);
            }
        }
    }

    public override void Encode(int round, ReadOnlySpan<float> corrected, Span<float> message)
    {
        for (int i = 0; i < _indices.Length; i++)
        {
            message[i] = corrected[_indices[i]];
        }
    }

    public override void Remove(Span<float> corrected)
    {
        foreach (int index in _indices)
        {
            corrected[index] = 0;
        }
    }

    public override void Decode(ReadOnlySpan<float> sum, int workers, Span<float> mean)
    {
        mean.Clear();
        float divisor = (float)(_isScaled ? workers * ((double)_indices.Length / _length) : workers);
        for (int i = 0; i < _indices.Length; i++)
        {
            mean[_indices[i]] = sum[i] / divisor;
        }
    }
}
