namespace Residuum.Training.Differentiation;

/// <summary>Memory of a <see cref="BufferPool"/>, on loan until it is returned.</summary>
/// <param name="memory">The whole memory, of the pool's size for <paramref name="sizeClass"/>.</param>
/// <param name="sizeClass">Which shelf of the pool it belongs to.</param>
internal sealed class PooledBuffer(Memory<float> memory, int sizeClass)
{
    public Memory<float> Memory { get; } = memory;

    public int SizeClass { get; } = sizeClass;
}
