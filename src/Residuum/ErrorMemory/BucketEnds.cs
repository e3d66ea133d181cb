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

    public float this[int bucket] => storage == RangeStorage.Float32 ? _exact[bucket] : BFloat16.ToSingle(_rounded[bucket]);

    /// <summary>Stores a lower end and returns it as stored.</summary>
    public float StoreDown(int bucket, float value) => Store(bucket, storage == RangeStorage.Float32 ? value : BFloat16.RoundDown(value));

    /// <summary>Stores an upper end and returns it as stored.</summary>
    public float StoreUp(int bucket, float value) => Store(bucket, storage == RangeStorage.Float32 ? value : BFloat16.RoundUp(value));

    public StateField State(string owner, FieldSpec spec) =>
        storage == RangeStorage.Float32 ? StateField.Of(owner, spec, _exact.AsMemory()) : StateField.Of(owner, spec, _rounded.AsMemory());

    private float Store(int bucket, float value)
    {
        if (storage == RangeStorage.Float32)
        {
            _exact[bucket] = value;
        }
        else
        {
            _rounded[bucket] = BFloat16.ToBits(value);
        }

        return value;
    }
}
