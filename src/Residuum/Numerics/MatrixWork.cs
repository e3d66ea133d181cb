namespace Residuum.Numerics;

/// <summary>One product, cut into blocks that fit the caches and shared between threads: first the packing, then the tiles.</summary>
/// <typeparam name="TTile">The tile.</typeparam>
internal sealed unsafe class MatrixWork<TTile> : IWork
    where TTile : IMatrixTile
{
    // Rows of A and columns of B in a chunk: 256 x 256 and 256 x 512 floats of a panel lie in a second-level cache of 1 MB.
    private const int ChunkRows = 256;
    private const int ChunkColumns = 512;

    // What is packed at a time, per operand: 4 MB.
    private const int PackedElements = 1 << 20;
    private const int BlockLanes = 4096;

    // What the chunk's columns of B take up when it is cheaper to keep all of them than to go over A panel by panel: 512 KB.
    private const int SkinnyElements = 1 << 17;

    // So few steps that C costs more than A and B, and all columns of a chunk stay in a cache: at most 512 KB.
    private const int ShallowDepth = 64;
    private const int ShallowColumns = 2048;

    // Less than this is not worth another thread's attention: multiply-adds, about 10 microseconds of one core.
    private const long SmallProduct = 1 << 19;
    private const int PackChunkElements = 1 << 16;

    [ThreadStatic]
    private static MatrixWork<TTile>? s_mine;

    private readonly PinnedBuffer _packedA = new();
    private readonly PinnedBuffer _packedB = new();
    private MatrixBlock<TTile> _block;
    private bool _isPacking;
    private int _stripsPerChunk;
    private int _rowStrips;
    private int _columnStrips;

    /// <summary>The calling thread's own instance, with its buffers.</summary>
    public static MatrixWork<TTile> Mine => s_mine ??= new MatrixWork<TTile>();

    /// <summary>Computes a product; <paramref name="product"/> has its operands and C, its scratch is provided here.</summary>
    public void Multiply(in MatrixArguments product, WorkSharing work)
    {
        bool aInPlace = product.ReadsAInPlace<TTile>();
        bool bInPlace = product.ReadsBInPlace<TTile>();
        int blockRows = aInPlace ? product.Rows : Math.Min(product.Rows, BlockLanes);
        int blockColumns = bInPlace ? product.Columns : Math.Min(product.Columns, BlockLanes);
        int packedLanes = Math.Max(aInPlace ? TTile.Rows : blockRows, bInPlace ? TTile.Columns : blockColumns);
        int blockDepth = Math.Max(PackedElements / packedLanes / MatrixProduct.PanelDepth, 1) * MatrixProduct.PanelDepth;
        for (int column = 0; column < product.Columns; column += blockColumns)
        {
            int columns = Math.Min(blockColumns, product.Columns - column);
            int first = 0;
            do
            {
                int depth = Math.Min(blockDepth, product.Depth - first);
                for (int row = 0; row < product.Rows; row += blockRows)
                {
                    int rows = Math.Min(blockRows, product.Rows - row);
                    _block = product.Block<TTile>(row, rows, aInPlace, column, columns, bInPlace, first, depth);
                    MultiplyBlock((long)rows * columns * depth < SmallProduct ? WorkSharing.Alone : work);
                }

                first += blockDepth;
            }
            while (first < product.Depth);
        }
    }

    /// <inheritdoc/>
    public void Run(int chunk, int worker)
    {
        if (_isPacking)
        {
            int stripsOfA = _block.A.Count - _block.A.FirstPacked;
            int strips = stripsOfA + _block.B.Count - _block.B.FirstPacked;
            int end = Math.Min((chunk + 1) * _stripsPerChunk, strips);
            for (int strip = chunk * _stripsPerChunk; strip < end; strip++)
            {
                if (strip < stripsOfA)
                {
                    _block.A.Pack(_block.A.FirstPacked + strip, _block.First, _block.Depth, _block.PackedA);
                }
                else
                {
                    _block.B.Pack(_block.B.FirstPacked + strip - stripsOfA, _block.First, _block.Depth, _block.PackedB);
                }
            }
        }
        else
        {
            int rowChunks = (_block.A.Count + _rowStrips - 1) / _rowStrips;
            int i = chunk % rowChunks * _rowStrips;
            int j = chunk / rowChunks * _columnStrips;
            int rowEnd = Math.Min(i + _rowStrips, _block.A.Count);
            int columnEnd = Math.Min(j + _columnStrips, _block.B.Count);

            // A skinny product: while all of B stays in the cache, A is read once, along its rows; and a shallow one: C is passed along its
            // rows.
            bool skinny = _block.Depth <= ShallowDepth
                || (_block.Depth > MatrixProduct.PanelDepth && (columnEnd - j) * TTile.Columns * _block.Depth <= SkinnyElements);
            int step = skinny ? 1 : _rowStrips;
            for (; i < rowEnd; i += step)
            {
                _block.Multiply(i, Math.Min(i + step, rowEnd), j, columnEnd);
            }
        }
    }

    private void MultiplyBlock(WorkSharing work)
    {
        nint lengthA = _block.A.PackedLength(_block.Depth);
        nint lengthB = _block.B.PackedLength(_block.Depth);
        _block.PackedA = _packedA.Reserve(lengthA);
        _block.PackedB = _packedB.Reserve(lengthB);
        int strips = _block.A.Count - _block.A.FirstPacked + _block.B.Count - _block.B.FirstPacked;
        if (strips > 0)
        {
            _isPacking = true;
            _stripsPerChunk = (int)Math.Max(strips / Math.Max((lengthA + lengthB) / PackChunkElements, 1), 1);
            work.Run(this, (strips + _stripsPerChunk - 1) / _stripsPerChunk);
        }

        _isPacking = false;
        work.Run(this, CutChunks(work.Threads));
    }

    /// <summary>Chooses the chunks of C: as large as the caches like, but several per thread where there is work enough.</summary>
    private int CutChunks(int threads)
    {
        _rowStrips = Math.Min(_block.A.Count, ChunkRows / TTile.Rows);
        _columnStrips = Math.Min(_block.B.Count, (_block.Depth <= ShallowDepth ? ShallowColumns : ChunkColumns) / TTile.Columns);
        while (true)
        {
            int chunks = (_block.A.Count + _rowStrips - 1) / _rowStrips * ((_block.B.Count + _columnStrips - 1) / _columnStrips);
            int rows = _rowStrips * TTile.Rows;
            int columns = _columnStrips * TTile.Columns;
            if (threads == 1 || chunks >= 4 * threads || (long)rows * columns * _block.Depth < SmallProduct)
            {
                return chunks;
            }

            if (_rowStrips > 1 && (rows >= columns || _columnStrips == 1))
            {
                _rowStrips = (_rowStrips + 1) / 2;
            }
            else if (_columnStrips > 1)
            {
                _columnStrips = (_columnStrips + 1) / 2;
            }
            else
            {
                return chunks;
            }
        }
    }
}
