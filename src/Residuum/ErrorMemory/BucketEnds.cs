using Residuum.Numerics;
using Residuum.State;

namespace Residuum.ErrorMemory;

/// <summary>The lower or the upper ends of all buckets' ranges, in either storage.</summary>
/// <param name="field">The field, with an element a bucket.</param>
/// <param name="storage">As what.</param>
/// <param name="arena">Gives the memory.</param>
internal sealed class BucketEnds(FieldSpec field, RangeStorage storage, StateArena arena)
{
    private readonly Memory<float> _exact = storage == RangeStorage.Float32 ? arena.Take<float>(field) : default;
    private readonly Memory<ushort> _rounded = storage == RangeStorage.Bfloat16 ? arena.Take<ushort>(field) : default;

    public RangeStorage Storage => storage;

    /// <summary>Reads ends of consecutive buckets.</summary>
    public void Read(int first, Span<float> ends)
    {
        if (storage == RangeStorage.Float32)
        {
            _exact.Span.Slice(first, ends.Length).CopyTo(ends);
        }
        else
        {
            BFloat16.Widen(_rounded.Span.Slice(first, ends.Length), ends);
        }
    }

    /// <summary>Requests the first lines of ends of consecutive buckets from memory.</summary>
    public void Request(int first, int count)
    {
        if (storage == RangeStorage.Float32)
        {
            CacheLine.RequestFirst<float>(_exact.Span.Slice(first, count));
        }
        else
        {
            CacheLine.RequestFirst<ushort>(_rounded.Span.Slice(first, count));
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
        _exact.Span.Clear();
        _rounded.Span.Clear();
    }

    public StateField State(string owner) =>
        storage == RangeStorage.Float32 ? StateField.Of(owner, field, _exact) : StateField.Of(owner, field, _rounded);

    private void Store(int first, ReadOnlySpan<float> ends)
    {
        if (storage == RangeStorage.Float32)
        {
            ends.CopyTo(_exact.Span[first..]);
        }
        else
        {
            BFloat16.Narrow(ends, _rounded.Span.Slice(first, ends.Length));
        }
    }
}
