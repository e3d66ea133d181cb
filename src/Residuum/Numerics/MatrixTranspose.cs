namespace Residuum.Numerics;

/// <summary>Copies a matrix with rows and columns exchanged.</summary>
internal static class MatrixTranspose
{
    private const int Block = 16;

    /// <summary>Copies <paramref name="source"/>, rows x columns, into <paramref name="target"/>, columns x rows; both row-major.</summary>
    public static void Copy(ReadOnlySpan<float> source, int rows, int columns, Span<float> target)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(source.Length, (long)rows * columns, nameof(source));
        ArgumentOutOfRangeException.ThrowIfLessThan(target.Length, (long)rows * columns, nameof(target));
        for (int i0 = 0; i0 < rows; i0 += Block)
        {
            int rowEnd = Math.Min(i0 + Block, rows);
            for (int j = 0; j < columns; j++)
            {
                for (int i = i0; i < rowEnd; i++)
                {
                    target[(j * rows) + i] = source[(i * columns) + j];
                }
            }
        }
    }
}
