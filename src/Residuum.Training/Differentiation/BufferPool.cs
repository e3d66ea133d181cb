using System.Numerics;
using System.Runtime.InteropServices;

namespace Residuum.Training.Differentiation;

/// <summary>
/// Float32 buffers that go round: what one step returns, the next one rents, so that steps after the first allocate nothing.
/// </summary>
/// <remarks>
/// Sizes are rounded up to the next of four steps per power of two, so that batches of slightly different lengths share buffers at a
/// cost of at most a quarter. Buffers start at a multiple of 64 bytes and never move. Not for several threads at once.
/// </remarks>
internal sealed class BufferPool
{
    private const int Alignment = 16;
    private const int SmallestLength = 64;

    private readonly Stack<PooledBuffer>[] _shelves = new Stack<PooledBuffer>[4 * 32];

    /// <summary>The bytes of all buffers ever made: the pool's share of the working set.</summary>
    public long AllocatedBytes { get; private set; }

    /// <summary>Lends a buffer of at least <paramref name="length"/> numbers with whatever they hold.</summary>
    /// <param name="length">How many numbers are needed.</param>
    public PooledBuffer Rent(int length)
    {
        int sizeClass = SizeClass(length, out int capacity);
        Stack<PooledBuffer> shelf = _shelves[sizeClass] ??= new Stack<PooledBuffer>();
        return shelf.TryPop(out PooledBuffer? buffer) ? buffer : Allocate(sizeClass, capacity);
    }

    /// <summary>Takes a buffer back.</summary>
    /// <param name="buffer">One that <see cref="Rent"/> gave.</param>
    public void Return(PooledBuffer buffer) => _shelves[buffer.SizeClass].Push(buffer);

    /// <summary>The shelf for a length, and the capacity of the buffers there.</summary>
    private static int SizeClass(int length, out int capacity)
    {
        int needed = Math.Max(length, SmallestLength);
        int exponent = BitOperations.Log2((uint)needed);
        long quarter = 1L << (exponent - 2);
        int steps = (int)((needed - (1L << exponent) + quarter - 1) / quarter);
        capacity = (int)Math.Min((1L << exponent) + (steps * quarter), Array.MaxLength - Alignment);
        return (4 * exponent) + steps;
    }

    private PooledBuffer Allocate(int sizeClass, int capacity)
    {
        float[] array = GC.AllocateUninitializedArray<float>(capacity + Alignment, pinned: true);
        AllocatedBytes += sizeof(float) * (long)array.Length;
        nint address = Marshal.UnsafeAddrOfPinnedArrayElement(array, 0);
        int misaligned = (int)(address / sizeof(float)) & (Alignment - 1);
        return new PooledBuffer(array.AsMemory((Alignment - misaligned) & (Alignment - 1), capacity), sizeClass);
    }
}
