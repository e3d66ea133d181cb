namespace Residuum.Numerics;

/// <summary>Products of float32 matrices: <c>C = alpha A B + beta C</c>, each operand as it lies or transposed.</summary>
/// <remarks>
/// The inner dimension is cut into panels of <see cref="PanelDepth"/>. Within a panel each element of the product is one chain of fused
/// multiply-adds from 0; the panels are added to C in order. This order holds for every kernel, so results are the same bits for any vector
/// width, any number of threads, and any number of rows or columns beside the element.
/// </remarks>
public static unsafe class MatrixProduct
{
    /// <summary>How many terms of the inner dimension are summed in registers before they are added to C.</summary>
    internal const int PanelDepth = 256;

    // A product of a batch that is larger than this (multiply-adds, steps) is shared between threads itself.
    private const long LargeProduct = 1 << 24;
    private const int DeepProduct = 4096;

    /// <summary>The name of the kernel that this process uses, for reports.</summary>
    public static string KernelName => SimdWidth.Lanes switch { 16 => "8x32 (512-bit)", 8 => "6x16 (256-bit)", _ => "6x2 (scalar)" };

    /// <summary><c>C = alpha A B + beta C</c>.</summary>
    /// <param name="a">Holds A; must not overlap C.</param>
    /// <param name="aLayout">The layout of A, m x k.</param>
    /// <param name="b">Holds B; must not overlap C.</param>
    /// <param name="bLayout">The layout of B, k x n.</param>
    /// <param name="c">Holds C.</param>
    /// <param name="cLayout">The layout of C, m x n.</param>
    /// <param name="work">Shares the product between threads.</param>
    /// <param name="alpha">The factor of the product; default 1.</param>
    /// <param name="beta">The factor of the old C; default 0, which reads nothing of C, so it may hold anything.</param>
    /// <exception cref="ArgumentException">The shapes do not agree or a span is too short.</exception>
    public static void Multiply(
        ReadOnlySpan<float> a,
        MatrixLayout aLayout,
        ReadOnlySpan<float> b,
        MatrixLayout bLayout,
        Span<float> c,
        MatrixLayout cLayout,
        WorkSharing work,
        float alpha = 1,
        float beta = 0)
    {
        ArgumentNullException.ThrowIfNull(work);
        aLayout.Require(a.Length, nameof(a));
        bLayout.Require(b.Length, nameof(b));
        cLayout.Require(c.Length, nameof(c));
        RequireShapes(aLayout, bLayout, cLayout);
        if (cLayout.Rows == 0 || cLayout.Columns == 0)
        {
            return;
        }

        fixed (float* aStart = a, bStart = b, cStart = c)
        {
            Multiply(new MatrixArguments(aStart, aLayout, bStart, bLayout, cStart, cLayout, alpha, beta), work, SimdWidth.Lanes);
        }
    }

    /// <summary><c>C = alpha A B + beta C</c> for each of <c>outer * inner</c> small matrices, such as the heads of attention.</summary>
    /// <param name="outer">Matrices at the outer level.</param>
    /// <param name="inner">Matrices at the inner level.</param>
    /// <param name="a">Holds all A; must not overlap any C.</param>
    /// <param name="aLayout">The layout of all A, each m x k.</param>
    /// <param name="b">Holds all B; must not overlap any C.</param>
    /// <param name="bLayout">The layout of all B, each k x n.</param>
    /// <param name="c">Holds all C, which must not overlap each other.</param>
    /// <param name="cLayout">The layout of all C, each m x n.</param>
    /// <param name="work">Shares the matrices between threads.</param>
    /// <param name="alpha">The factor of the products; default 1.</param>
    /// <param name="beta">The factor of the old C; default 0, which reads nothing of C.</param>
    /// <exception cref="ArgumentException">The shapes do not agree or a span is too short.</exception>
    public static void MultiplyBatched(
        int outer,
        int inner,
        ReadOnlySpan<float> a,
        BatchLayout aLayout,
        ReadOnlySpan<float> b,
        BatchLayout bLayout,
        Span<float> c,
        BatchLayout cLayout,
        WorkSharing work,
        float alpha = 1,
        float beta = 0)
    {
        ArgumentNullException.ThrowIfNull(work);
        ArgumentOutOfRangeException.ThrowIfNegative(outer);
        ArgumentOutOfRangeException.ThrowIfNegative(inner);
        if (outer == 0 || inner == 0)
        {
            return;
        }

        aLayout.Require(a.Length, outer, inner, nameof(a));
        bLayout.Require(b.Length, outer, inner, nameof(b));
        cLayout.Require(c.Length, outer, inner, nameof(c));
        RequireShapes(aLayout.Matrix, bLayout.Matrix, cLayout.Matrix);
        if (cLayout.Matrix.Rows == 0 || cLayout.Matrix.Columns == 0)
        {
            return;
        }

        fixed (float* aStart = a, bStart = b, cStart = c)
        {
            MatrixBatch batch = new(outer, inner, aStart, aLayout, bStart, bLayout, cStart, cLayout, alpha, beta);
            MultiplyBatched(batch, work, SimdWidth.Lanes);
        }
    }

    /// <summary>A product at a given width.</summary>
    internal static void Multiply(in MatrixArguments product, WorkSharing work, int lanes)
    {
        if (product.IsFlat)
        {
            MatrixFlatWork.Mine.Multiply(product, work, lanes);
            return;
        }

        switch (TileLanes(lanes, product.Columns))
        {
            case 16:
                MatrixWork<MatrixTile8x2<Lanes16>>.Mine.Multiply(product, work);
                break;
            case 8:
                MatrixWork<MatrixTile6x2<Lanes8>>.Mine.Multiply(product, work);
                break;
            default:
                MatrixWork<MatrixTile6x2<Lanes1>>.Mine.Multiply(product, work);
                break;
        }
    }

    /// <summary>A batch at a given width.</summary>
    internal static void MultiplyBatched(in MatrixBatch batch, WorkSharing work, int lanes)
    {
        if (batch.Size >= LargeProduct || batch.Depth > DeepProduct)
        {
            for (int index = 0; index < batch.Count; index++)
            {
                Multiply(batch.Product(index), work, lanes);
            }

            return;
        }

        switch (TileLanes(lanes, batch.Product(0).Columns))
        {
            case 16:
                MatrixBatchWork<MatrixTile8x2<Lanes16>>.Mine.Multiply(batch, work);
                break;
            case 8:
                MatrixBatchWork<MatrixTile6x2<Lanes8>>.Mine.Multiply(batch, work);
                break;
            default:
                MatrixBatchWork<MatrixTile6x2<Lanes1>>.Mine.Multiply(batch, work);
                break;
        }
    }

    /// <summary>The lanes of the tile: half of C in a tile of 32 columns would be waste for up to 16 columns.</summary>
    private static int TileLanes(int lanes, int columns) => columns <= 16 ? Math.Min(lanes, 8) : lanes;

    private static void RequireShapes(MatrixLayout a, MatrixLayout b, MatrixLayout c)
    {
        if (a.Columns != b.Rows || c.Rows != a.Rows || c.Columns != b.Columns)
        {
            throw new ArgumentException(
                $"The product of {a.Rows} x {a.Columns} and {b.Rows} x {b.Columns} does not fit the target of {c.Rows} x {c.Columns}.");
        }
    }
}
