namespace Residuum.Numerics;

/// <summary>Many small products: each is computed by one thread, with that worker's scratch.</summary>
/// <typeparam name="TTile">The tile.</typeparam>
internal sealed unsafe class MatrixBatchWork<TTile> : IWork
    where TTile : IMatrixTile
{
    // About 5 microseconds of one core.
    private const long ChunkMultiplyAdds = 1 << 18;

    [ThreadStatic]
    private static MatrixBatchWork<TTile>? s_mine;

    private PinnedBuffer[] _scratch = [];
    private MatrixBatch _batch;
    private int _productsPerChunk;

    /// <summary>The calling thread's own instance, with its buffers.</summary>
    public static MatrixBatchWork<TTile> Mine => s_mine ??= new MatrixBatchWork<TTile>();

    /// <summary>Computes all products of the batch.</summary>
    public void Multiply(in MatrixBatch batch, WorkSharing work)
    {
        _batch = batch;
        if (_scratch.Length < work.Threads)
        {
            int had = _scratch.Length;
            Array.Resize(ref _scratch, work.Threads);
            for (int i = had; i < _scratch.Length; i++)
            {
                _scratch[i] = new PinnedBuffer();
            }
        }

        // The workers find their scratch large enough: only the caller allocates.
        MatrixBlock<TTile> block = WholeBlock(0);
        for (int worker = 0; worker < work.Threads; worker++)
        {
            _ = _scratch[worker].Reserve(block.A.PackedLength(block.Depth) + block.B.PackedLength(block.Depth));
        }

        _productsPerChunk = (int)Math.Clamp(ChunkMultiplyAdds / Math.Max(batch.Size, 1), 1, batch.Count);
        work.Run(this, (batch.Count + _productsPerChunk - 1) / _productsPerChunk);
    }

    /// <inheritdoc/>
    public void Run(int chunk, int worker)
    {
        int end = Math.Min((chunk + 1) * _productsPerChunk, _batch.Count);
        for (int index = chunk * _productsPerChunk; index < end; index++)
        {
            MatrixBlock<TTile> block = WholeBlock(index);
            nint lengthA = block.A.PackedLength(block.Depth);
            block.PackedA = _scratch[worker].Reserve(lengthA + block.B.PackedLength(block.Depth));
            block.PackedB = block.PackedA + lengthA;
            block.PackAndMultiply();
        }
    }

    private MatrixBlock<TTile> WholeBlock(int index)
    {
        MatrixArguments product = _batch.Product(index);
        return product.Block<TTile>(
            0, product.Rows, product.ReadsAInPlace<TTile>(), 0, product.Columns, product.ReadsBInPlace<TTile>(), 0, product.Depth);
    }
}
