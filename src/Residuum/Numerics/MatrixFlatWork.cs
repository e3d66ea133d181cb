using System.Runtime.CompilerServices;

namespace Residuum.Numerics;

/// <summary>
/// A product of few rows with a large B that is stored row by row: the projection of a gradient. B passes through memory once, along its
/// rows.
/// </summary>
/// <remarks>
/// Tiles would go down the columns of B, a few lines of the cache in each of many pages. Here a chunk is a stretch of columns, whose sums
/// stay in the second-level cache while four rows of B at a time are added to them: per sum four multiply-adds for a load and a store. The
/// order of all additions is that of every other product: a chain of multiply-adds in each panel, and the panels in order.
/// </remarks>
internal sealed unsafe class MatrixFlatWork : IWork
{
    private const int StepsAtOnce = 4;

    // How many rows of B ahead lines are requested from memory: a chunk's stretch of a row is too short for the processor's own requests to
    // catch up.
    private const int StepsAhead = 8;
    private const int LineElements = CacheLine.Bytes / sizeof(float);

    // The sums of a chunk take 256 KB at most.
    private const int ChunkElements = 1 << 16;
    private const int ColumnGranule = 32;

    // Between the sums of two rows: a multiple of 4 KB apart they would share a set of the cache, and loads would wait for stores of the
    // row before.
    private const int Skew = 48;

    [ThreadStatic]
    private static MatrixFlatWork? s_mine;

    private readonly PinnedBuffer _factors = new();
    private PinnedBuffer[] _sums = [];
    private MatrixArguments _product;
    private float* _packed;
    private int _chunkColumns;
    private int _lanes;

    /// <summary>The calling thread's own instance, with its buffers.</summary>
    public static MatrixFlatWork Mine => s_mine ??= new MatrixFlatWork();

    private int Stride => _chunkColumns + Skew;

    /// <summary>Computes a product for which <see cref="MatrixArguments.IsFlat"/> holds.</summary>
    public void Multiply(in MatrixArguments product, WorkSharing work, int lanes)
    {
        _product = product;
        _lanes = lanes;
        int had = _sums.Length;
        if (had < work.Threads)
        {
            Array.Resize(ref _sums, work.Threads);
            for (int i = had; i < _sums.Length; i++)
            {
                _sums[i] = new PinnedBuffer();
            }
        }

        int shared = (product.Columns + (2 * work.Threads) - 1) / (2 * work.Threads);
        _chunkColumns = Math.Min(ChunkElements / product.Rows, shared + ColumnGranule - 1) / ColumnGranule * ColumnGranule;

        // The workers find their buffers large enough: only the caller allocates.
        for (int worker = 0; worker < work.Threads; worker++)
        {
            _ = _sums[worker].Reserve((nint)product.Rows * Stride);
        }

        PackFactors();
        work.Run(this, (product.Columns + _chunkColumns - 1) / _chunkColumns);
    }

    /// <inheritdoc/>
    public void Run(int chunk, int worker)
    {
        float* sums = _sums[worker].Reserve((nint)_product.Rows * Stride);
        int column = chunk * _chunkColumns;
        int columns = Math.Min(_chunkColumns, _product.Columns - column);
        for (int first = 0; first < _product.Depth; first += MatrixProduct.PanelDepth)
        {
            int end = Math.Min(first + MatrixProduct.PanelDepth, _product.Depth);
            new Span<float>(sums, _product.Rows * Stride).Clear();
            for (int step = first; step < end; step += StepsAtOnce)
            {
                AddSteps(step, Math.Min(StepsAtOnce, end - step), column, columns, sums);
            }

            float beta = first == 0 ? _product.Beta : 1;
            for (int row = 0; row < _product.Rows; row++)
            {
                AddTo(_product.C + row * _product.Stride + column, sums + (nint)row * Stride, columns, beta);
            }
        }
    }

    // Of four steps the factors of a row lie side by side; the last few steps follow one by one.
    private void PackFactors()
    {
        int rows = _product.Rows;
        _packed = _factors.Reserve((nint)rows * _product.Depth);
        for (int first = 0; first < _product.Depth; first += StepsAtOnce)
        {
            int steps = Math.Min(StepsAtOnce, _product.Depth - first);
            float* target = _packed + (nint)first * rows;
            for (int row = 0; row < rows; row++)
            {
                for (int step = 0; step < steps; step++)
                {
                    *target++ = _product.A[row * _product.ARow + (first + step) * _product.AStep];
                }
            }
        }
    }

    private void AddSteps(int first, int steps, int column, int columns, float* sums)
    {
        float* factors = _packed + (nint)first * _product.Rows;
        float* b = _product.B + first * _product.BStep + column;
        nint done = 0;
        if (steps == StepsAtOnce)
        {
            done = _lanes switch
            {
                16 => AddFour<Lanes16>(factors, b, sums, 0, columns),
                8 => AddFour<Lanes8>(factors, b, sums, 0, columns),
                _ => 0,
            };
            done = AddFour<Lanes1>(factors, b, sums, done, columns);
        }

        // A last odd column, or the last few steps.
        for (nint row = 0; row < _product.Rows && done < columns; row++)
        {
            for (nint step = 0; step < steps; step++)
            {
                float factor = factors[row * steps + step];
                for (nint i = done; i < columns; i++)
                {
                    ref float sum = ref sums[row * Stride + i];
                    sum = MathF.FusedMultiplyAdd(factor, b[step * _product.BStep + i], sum);
                }
            }
        }
    }

    // Four rows of B times their factors, added to the sums of all rows: two registers of columns at a time. Returns the first column not
    // done.
    [MethodImpl(LaneLoop.KernelOptions)]
    private nint AddFour<TLanes>(float* factors, float* b, float* sums, nint start, nint end)
        where TLanes : struct, ILanes<TLanes>
    {
        nint rows = _product.Rows;
        nint stride = Stride;
        nint width = (nint)TLanes.Width;
        float* b1 = b + _product.BStep;
        float* b2 = b1 + _product.BStep;
        float* b3 = b2 + _product.BStep;
        for (; start + 2 * width <= end; start += 2 * width)
        {
            TLanes x0 = TLanes.Load(ref b[start], 0), y0 = TLanes.Load(ref b[start], TLanes.Width);
            TLanes x1 = TLanes.Load(ref b1[start], 0), y1 = TLanes.Load(ref b1[start], TLanes.Width);
            TLanes x2 = TLanes.Load(ref b2[start], 0), y2 = TLanes.Load(ref b2[start], TLanes.Width);
            TLanes x3 = TLanes.Load(ref b3[start], 0), y3 = TLanes.Load(ref b3[start], TLanes.Width);
            for (nint step = StepsAhead; step < StepsAhead + StepsAtOnce; step++)
            {
                for (nint column = 0; column < 2 * width; column += LineElements)
                {
                    CacheLine.Request(in *b, (nuint)(step * _product.BStep + start + column));
                }
            }

            float* factor = factors;
            float* sum = sums + start;
            for (nint row = 0; row < rows; row++)
            {
                TLanes x = TLanes.Load(ref *sum, 0);
                TLanes y = TLanes.Load(ref *sum, TLanes.Width);
                TLanes f = TLanes.All(factor[0]);
                x = TLanes.Fma(f, x0, x);
                y = TLanes.Fma(f, y0, y);
                f = TLanes.All(factor[1]);
                x = TLanes.Fma(f, x1, x);
                y = TLanes.Fma(f, y1, y);
                f = TLanes.All(factor[2]);
                x = TLanes.Fma(f, x2, x);
                y = TLanes.Fma(f, y2, y);
                f = TLanes.All(factor[3]);
                x = TLanes.Fma(f, x3, x);
                y = TLanes.Fma(f, y3, y);
                x.Store(ref *sum, 0);
                y.Store(ref *sum, TLanes.Width);
                factor += StepsAtOnce;
                sum += stride;
            }
        }

        return start;
    }

    // c = alpha sum + beta c, as tiles do it.
    private void AddTo(float* c, float* sums, int columns, float beta)
    {
        int done = _lanes switch
        {
            16 => AddTo<Lanes16>(c, sums, 0, columns, beta),
            8 => AddTo<Lanes8>(c, sums, 0, columns, beta),
            _ => 0,
        };
        AddTo<Lanes1>(c, sums, done, columns, beta);
    }

    [MethodImpl(LaneLoop.KernelOptions)]
    private int AddTo<TLanes>(float* c, float* sums, int start, int end, float beta)
        where TLanes : struct, ILanes<TLanes>
    {
        TLanes factor = TLanes.All(_product.Alpha);
        TLanes old = TLanes.All(beta);
        int width = (int)TLanes.Width;
        for (; start + width <= end; start += width)
        {
            TLanes sum = TLanes.Load(ref sums[start], 0);
            TLanes result = beta == 0 ? factor * sum : TLanes.Fma(factor, sum, old * TLanes.Load(ref c[start], 0));
            result.Store(ref c[start], 0);
        }

        return start;
    }
}
