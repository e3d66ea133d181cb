namespace Residuum.Numerics;

/// <summary>
/// Scratch memory that does not move and starts at a cache line; it grows when asked for more and is kept for the next call.
/// </summary>
internal sealed unsafe class PinnedBuffer
{
    private const int LineBytes = 64;

    private float[] _memory = [];

    /// <summary>A pointer to at least <paramref name="length"/> floats, what was there before being lost if it grows.</summary>
    /// <param name="length">How many floats.</param>
    public float* Reserve(nint length)
    {
        int needed = checked((int)length + LineBytes / sizeof(float));
        if (_memory.Length < needed)
        {
            _memory = GC.AllocateUninitializedArray<float>(needed, pinned: true);
        }

        // A pinned array stays where it is, so the pointer outlives the fixed statement.
        fixed (float* start = _memory)
        {
            return (float*)(((nuint)start + LineBytes - 1) & ~(nuint)(LineBytes - 1));
        }
    }
}
