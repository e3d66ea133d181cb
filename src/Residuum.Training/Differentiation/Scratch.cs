namespace Residuum.Training.Differentiation;

/// <summary>Memory of a pool that goes back when this is disposed.</summary>
internal readonly struct Scratch : IDisposable
{
    private readonly BufferPool _pool;
    private readonly PooledBuffer _buffer;

    public Scratch(BufferPool pool, int length)
    {
        _pool = pool;
        _buffer = pool.Rent(length);
        Memory = _buffer.Memory[..length];
    }

    public Memory<float> Memory { get; }

    public Span<float> Span => Memory.Span;

    public void Dispose() => _pool.Return(_buffer);
}
