namespace Residuum.Numerics;

/// <summary>Products of matrices of doubles: <c>C = A B</c> or <c>C = A B^T</c>, all row-major without gaps. One thread.</summary>
internal static class DoubleProduct
{
    private const int PanelRows = SymmetricProduct.PanelRows;

    /// <summary>The bytes of scratch for C of so many rows and columns.</summary>
    public static long ScratchBytes(int rows, int columns) =>
        ScratchArea.BytesOf<double>((long)PanelRows * SymmetricProduct.Stride(rows))
        + ScratchArea.BytesOf<double>((long)PanelRows * SymmetricProduct.Stride(columns));

    /// <summary>Multiplies.</summary>
    /// <param name="a">A, <paramref name="rows"/> x <paramref name="depth"/>.</param>
    /// <param name="b">
    /// B, <paramref name="depth"/> x <paramref name="columns"/>; where it is transposed, <paramref name="columns"/> x <paramref
    /// name="depth"/>.
    /// </param>
    /// <param name="isTransposed">Whether B is to be transposed.</param>
    /// <param name="rows">Rows of C.</param>
    /// <param name="columns">Columns of C.</param>
    /// <param name="depth">The inner dimension.</param>
    /// <param name="c">Takes C; must not overlap A or B.</param>
    /// <param name="scratch">At least <see cref="ScratchBytes"/>.</param>
    public static void Multiply(
        ReadOnlySpan<double> a,
        ReadOnlySpan<double> b,
        bool isTransposed,
        int rows,
        int columns,
        int depth,
        Span<double> c,
        ScratchArea scratch)
    {
        int aStride = SymmetricProduct.Stride(rows);
        int bStride = SymmetricProduct.Stride(columns);
        Span<double> aPanel = scratch.Take<double>(PanelRows * aStride);
        Span<double> bPanel = scratch.Take<double>(PanelRows * bStride);
        aPanel.Clear();
        bPanel.Clear();
        c[..(rows * columns)].Clear();
        for (int first = 0; first < depth; first += PanelRows)
        {
            int count = Math.Min(PanelRows, depth - first);
            PackTransposed(a, rows, depth, first, count, aPanel, aStride);
            if (isTransposed)
            {
                PackTransposed(b, columns, depth, first, count, bPanel, bStride);
            }
            else
            {
                for (int t = 0; t < count; t++)
                {
                    b.Slice((first + t) * columns, columns).CopyTo(bPanel[(t * bStride)..]);
                }
            }

            DoubleTile tile = new(aPanel, aStride, bPanel, bStride, count);
            for (int i = 0; i < rows; i += DoubleTile.Rows)
            {
                for (int j = 0; j < columns; j += DoubleTile.Columns)
                {
                    tile.Add(i, Math.Min(DoubleTile.Rows, rows - i), j, Math.Min(DoubleTile.Columns, columns - j), c, columns);
                }
            }
        }
    }

    // Columns first..first + count - 1 of a matrix become the panel's rows.
    private static void PackTransposed(
        ReadOnlySpan<double> matrix, int rows, int columns, int first, int count, Span<double> panel, int stride)
    {
        for (int i = 0; i < rows; i++)
        {
            ReadOnlySpan<double> row = matrix.Slice(i * columns + first, count);
            for (int t = 0; t < count; t++)
            {
                panel[t * stride + i] = row[t];
            }
        }
    }
}
