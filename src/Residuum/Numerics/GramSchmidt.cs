namespace Residuum.Numerics;

/// <summary>Orthonormal columns by the modified Gram-Schmidt process, column after column; sums in double.</summary>
internal static class GramSchmidt
{
    /// <summary>Divides each column by (norm + epsilon), then removes its component from every later column.</summary>
    /// <remarks>A column whose norm + epsilon is 0 stays 0 and removes nothing (methods page of ConEF, 3.3).</remarks>
    /// <param name="matrix">Row-major, in place.</param>
    /// <param name="columns">The columns; the rows follow from the length.</param>
    /// <param name="epsilon">At least 0.</param>
    public static void Orthonormalize(Span<float> matrix, int columns, double epsilon)
    {
        Span<double> products = stackalloc double[Math.Min(columns, 256)];
        for (int c = 0; c < columns; c++)
        {
            double squares = 0;
            for (int i = c; i < matrix.Length; i += columns)
            {
                squares += (double)matrix[i] * matrix[i];
            }

            double length = Math.Sqrt(squares) + epsilon;
            if (length == 0)
            {
                continue;
            }

            for (int i = c; i < matrix.Length; i += columns)
            {
                matrix[i] = (float)(matrix[i] / length);
            }

            // The later columns, so many at a time that their inner products lie on the stack.
            for (int first = c + 1; first < columns; first += products.Length)
            {
                int count = Math.Min(products.Length, columns - first);
                RemoveComponent(matrix, columns, c, first, products[..count]);
            }
        }
    }

    private static void RemoveComponent(Span<float> matrix, int columns, int unit, int first, Span<double> products)
    {
        products.Clear();
        for (int row = 0; row < matrix.Length; row += columns)
        {
            double u = matrix[row + unit];
            ReadOnlySpan<float> later = matrix.Slice(row + first, products.Length);
            for (int k = 0; k < later.Length; k++)
            {
                products[k] += u * later[k];
            }
        }

        for (int row = 0; row < matrix.Length; row += columns)
        {
            double u = matrix[row + unit];
            Span<float> later = matrix.Slice(row + first, products.Length);
            for (int k = 0; k < later.Length; k++)
            {
                later[k] = (float)(later[k] - (products[k] * u));
            }
        }
    }
}
