using Residuum.Numerics;
using Residuum.State;

namespace Residuum.ErrorMemory;

/// <summary>The lower or the upper ends of all buckets' ranges, in either storage.</summary>
/// <param name="buckets">How many.</param>
/// <param name="storage">As what.</param>
internal sealed class BucketEnds(int buckets, RangeStorage storage)
{
    private readonly float[] _exact = storage == RangeStorage.Float32 ? new float[buckets] : [];
    private readonly ushort[] _rounded = storage == RangeStorage.Bfloat16 ? new ushort[buckets] : [];

    public RangeStorage Storage => storage;

    /// <summary>Reads ends of consecutive buckets.</summary>
    public void Read(int first, Span<float> ends)
    {
        if (storage == RangeStorage.Float32)
        {
            _exact.AsSpan(first, ends.Length).CopyTo(ends);
        }
        else
        {
            BFloat16.Widen(_rounded.AsSpan(first, ends.Length), ends);
        }
    }

    /// <summary>Stores lower ends of consecutive buckets and leaves them as stored.</summary>
    public void StoreDown(int first, Span<float> ends)
    {
        if (storage == RangeStorage.Bfloat16)
        {
            BFloat16.RoundDown(ends);
        }

        Store(first, ends);
    }

    /// <summary>Stores upper ends of consecutive buckets and leaves them as stored.</summary>
    public void StoreUp(int first, Span<float> ends)
    {
        if (storage == RangeStorage.Bfloat16)
        {
            BFloat16.RoundUp(ends);
        }

        Store(first, ends);
    }

    /// <summary>All ends are 0.</summary>
    public void Clear()
    {
        Array.Clear(_exact);
        Array.Clear(_rounded);
    }

    public StateField State(string owner, FieldSpec spec) =>
        storage == RangeStorage.Float32 ? StateField.Of(owner, spec, _exact.AsMemory()) : StateField.Of(owner, spec, _rounded.AsMemory());

    private void Store(int first, ReadOnlySpan<float> ends)
    {
        if (storage == RangeStorage.Float32)
        {
            ends.CopyTo(_exact.AsSpan(first));
        }
        else
        {
            BFloat16.Narrow(ends, _rounded.AsSpan(first, ends.Length));
        }
    }
}
