using Residuum.State;

namespace Residuum.ErrorMemory;

/// <summary>The buckets of a sketch, in float32 or rounded to IEEE half, to nearest even.</summary>
/// <param name="count">How many.</param>
/// <param name="isHalf">Whether they are rounded.</param>
internal sealed class SketchBuckets(long count, bool isHalf)
{
    private readonly float[] _exact = isHalf ? [] : new float[count];
    private readonly Half[] _rounded = isHalf ? new Half[count] : [];

    public bool IsHalf => isHalf;

    public StateField State(string owner, FieldSpec spec) =>
        isHalf ? StateField.Of(owner, spec, _rounded.AsMemory()) : StateField.Of(owner, spec, _exact.AsMemory());

    public void Load(long start, Span<float> buckets)
    {
        if (!isHalf)
        {
            _exact.AsSpan((int)start, buckets.Length).CopyTo(buckets);
            return;
        }

        for (int h = 0; h < buckets.Length; h++)
        {
            buckets[h] = (float)_rounded[start + h];
        }
    }

    public void Store(ReadOnlySpan<float> buckets, long start)
    {
        if (!isHalf)
        {
            buckets.CopyTo(_exact.AsSpan((int)start));
            return;
        }

        for (int h = 0; h < buckets.Length; h++)
        {
            _rounded[start + h] = (Half)buckets[h];
        }
    }

    public void Clear()
    {
        Array.Clear(_exact);
        Array.Clear(_rounded);
    }
}
