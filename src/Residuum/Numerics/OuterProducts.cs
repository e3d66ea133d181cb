namespace Residuum.Numerics;

/// <summary>Weighted sums of outer products of float32 vectors, in double: <c>C = sum over k of w_k a_k b_k^T</c>, rounded once.</summary>
/// <remarks>
/// Where the products cancel, as those of a window whose rows depend on each other do, float32 sums would leave nothing but their rounding.
/// C is cut into tiles, which are independent of each other; an element is a chain of fused multiply-adds a panel of 64 products, and the
/// panels are added in order: the same bits for any number of threads. 2 flops a product and element; a tile reads each vector's part of it
/// once.
/// </remarks>
internal static class OuterProducts
{
    // The sums of a tile and two panels fill 105 KB, less for a small C.
    private const int Side = 64;
    private const int PanelRows = SymmetricProduct.PanelRows;

    /// <summary>The tiles of a C.</summary>
    public static int Tiles(int rows, int columns) => Along(rows) * Along(columns);

    /// <summary>The bytes of scratch for a tile of such a C.</summary>
    public static long ScratchBytes(int rows, int columns) =>
        ScratchArea.BytesOf<double>((long)PanelRows * StrideOf(rows))
        + ScratchArea.BytesOf<double>((long)PanelRows * StrideOf(columns))
        + ScratchArea.BytesOf<double>(Side * Side);

    /// <summary>Computes one tile of C.</summary>
    /// <param name="tile">Which, from 0.</param>
    /// <param name="weights">The weights; where there are fewer than products, each counts for as many that follow each other.</param>
    /// <param name="a">The vectors a_k, one after another, each of as many entries as C has rows.</param>
    /// <param name="b">The vectors b_k, each of as many entries as C has columns.</param>
    /// <param name="rows">The rows of C, at least 1.</param>
    /// <param name="columns">The columns of C, at least 1.</param>
    /// <param name="c">C, row-major; the tile's elements are overwritten.</param>
    /// <param name="scratch">At least <see cref="ScratchBytes"/>.</param>
    public static void Sum(
        int tile,
        ReadOnlySpan<double> weights,
        ReadOnlySpan<float> a,
        ReadOnlySpan<float> b,
        int rows,
        int columns,
        Span<float> c,
        ScratchArea scratch)
    {
        int row = tile / Along(columns) * Side;
        int column = tile % Along(columns) * Side;
        int height = Math.Min(Side, rows - row);
        int width = Math.Min(Side, columns - column);
        int depth = a.Length / rows;
        int ofWeight = depth / weights.Length;
        Span<double> left = scratch.Take<double>(PanelRows * StrideOf(rows));
        Span<double> right = scratch.Take<double>(PanelRows * StrideOf(columns));
        Span<double> sums = scratch.Take<double>(height * width);
        left.Clear();
        right.Clear();
        sums.Clear();
        for (int first = 0; first < depth; first += PanelRows)
        {
            int count = Math.Min(PanelRows, depth - first);
            for (int k = 0; k < count; k++)
            {
                double weight = weights[(first + k) / ofWeight];
                DoubleProducts.Widen(weight, a.Slice(((first + k) * rows) + row, height), left.Slice(k * StrideOf(rows), height));
                DoubleProducts.Widen(b.Slice(((first + k) * columns) + column, width), right.Slice(k * StrideOf(columns), width));
            }

            AddPanel(new DoubleTile(left, StrideOf(rows), right, StrideOf(columns), count), height, width, sums);
        }

        for (int i = 0; i < height; i++)
        {
            DoubleProducts.Round(sums.Slice(i * width, width), c.Slice(((row + i) * columns) + column, width));
        }
    }

    private static void AddPanel(DoubleTile tile, int height, int width, Span<double> sums)
    {
        for (int i = 0; i < height; i += DoubleTile.Rows)
        {
            for (int j = 0; j < width; j += DoubleTile.Columns)
            {
                tile.Add(i, Math.Min(DoubleTile.Rows, height - i), j, Math.Min(DoubleTile.Columns, width - j), sums, width);
            }
        }
    }

    private static int Along(int length) => (length + Side - 1) / Side;

    private static int StrideOf(int length) => SymmetricProduct.Stride(Math.Min(Side, length));
}
