namespace Residuum.Numerics;

/// <summary>Gram matrices in double: <c>C = C + sum of p p^T</c> over the rows p of a panel.</summary>
/// <remarks>
/// The caller widens what it has into panels of at most <see cref="PanelRows"/> rows. Each element of a panel's product is one chain of
/// fused multiply-adds from 0, added to C: the same bits on every machine.
/// </remarks>
internal static class SymmetricProduct
{
    /// <summary>The rows that a panel usually has: of 1,024 columns it fills 512 KB.</summary>
    public const int PanelRows = 64;

    private const int TileColumns = DoubleTile.Columns;

    /// <summary>
    /// The distance between the rows of a panel of <paramref name="size"/> columns: whole tiles, and an odd number of them, so that the
    /// rows of a strip do not fall on the same lines of the cache.
    /// </summary>
    public static int Stride(int size) => (((size + TileColumns - 1) / TileColumns) | 1) * TileColumns;

    /// <summary>Adds a panel's product to C.</summary>
    /// <param name="panel">Rows of <see cref="Stride"/> elements, of which those from <paramref name="size"/> on are 0.</param>
    /// <param name="rows">How many rows.</param>
    /// <param name="size">The rows and columns of C.</param>
    /// <param name="c">C, row-major; its lower triangle is what counts, above it anything may be written.</param>
    public static void Add(ReadOnlySpan<double> panel, int rows, int size, Span<double> c)
    {
        DoubleTile tile = new(panel, Stride(size), panel, Stride(size), rows);
        ArgumentOutOfRangeException.ThrowIfLessThan(c.Length, (long)size * size, nameof(c));
        for (int i = 0; i < size; i += DoubleTile.Rows)
        {
            int height = Math.Min(DoubleTile.Rows, size - i);
            for (int j = 0; j < i + height; j += TileColumns)
            {
                tile.Add(i, height, j, Math.Min(TileColumns, size - j), c, size);
            }
        }
    }
}
