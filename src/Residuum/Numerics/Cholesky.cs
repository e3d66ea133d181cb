namespace Residuum.Numerics;

/// <summary>Cholesky's factorisation of symmetric positive definite matrices in double: A = L L^T, L lower triangular.</summary>
/// <remarks>
/// Matrices are square, row-major and dense; of symmetric ones only the lower triangle is read. Rows are contiguous, so that every inner
/// loop is a scalar product of two rows: n^3 / 6 multiply-adds for the factor, n^2 for a solution, n^3 / 2 more for an inverse.
/// </remarks>
internal static class Cholesky
{
    /// <summary>Replaces the lower triangle of A by L; the rest is left alone.</summary>
    /// <param name="a">n x n, rows <paramref name="stride"/> apart.</param>
    /// <param name="n">The order; may be 0.</param>
    /// <param name="stride">The distance between rows, at least n.</param>
    /// <param name="smallestPivot">
    /// A lower bound, at least 0, of every squared diagonal entry of L in exact arithmetic: for B + s I with B positive semidefinite it is
    /// s. Rounding below it is lifted to it, so that a matrix that is positive definite only on paper has a factor all the same.
    /// </param>
    /// <exception cref="ArithmeticException">A pivot is not positive: the matrix is not positive definite.</exception>
    public static void Factor(Span<double> a, int n, int stride, double smallestPivot = 0)
    {
        RequireSize(a.Length, n, stride);
        for (int i = 0; i < n; i++)
        {
            Span<double> row = a.Slice(i * stride, i + 1);
            for (int j = 0; j < i; j++)
            {
                ReadOnlySpan<double> other = a.Slice(j * stride, j + 1);
                row[j] = (row[j] - DoubleKernels.Dot(row[..j], other[..j])) / other[j];
            }

            double pivot = Math.Max(row[i] - DoubleKernels.Dot(row[..i], row[..i]), smallestPivot);
            if (!(pivot > 0))
            {
                throw new ArithmeticException($"The matrix of order {n} is not positive definite: pivot {i} is {pivot}.");
            }

            row[i] = Math.Sqrt(pivot);
        }
    }

    /// <summary>Solves A x = b in place, given L.</summary>
    public static void Solve(ReadOnlySpan<double> l, int n, int stride, Span<double> b)
    {
        RequireSize(l.Length, n, stride);
        ArgumentOutOfRangeException.ThrowIfNotEqual(b.Length, n);
        for (int i = 0; i < n; i++)
        {
            ReadOnlySpan<double> row = l.Slice(i * stride, i + 1);
            b[i] = (b[i] - DoubleKernels.Dot(row[..i], b[..i])) / row[i];
        }

        // L^T x = y by columns of L^T, which are rows of L.
        for (int i = n - 1; i >= 0; i--)
        {
            ReadOnlySpan<double> row = l.Slice(i * stride, i + 1);
            b[i] /= row[i];
            DoubleKernels.AddScaled(-b[i], row[..i], b[..i]);
        }
    }

    /// <summary>Replaces L by the inverse of A, both triangles of it.</summary>
    public static void Invert(Span<double> l, int n, int stride)
    {
        RequireSize(l.Length, n, stride);

        // X = L^-1, its column j as the row j of the upper triangle: x_ij = -(l_i,j..i-1 . x_j..i-1,j) / l_ii.
        // Column j needs of L what lies below and right of (j, j), which the columns before it have left alone.
        for (int j = 0; j < n; j++)
        {
            Span<double> column = l.Slice((j * stride) + j, n - j);
            column[0] = 1 / column[0];
            for (int i = j + 1; i < n; i++)
            {
                ReadOnlySpan<double> row = l.Slice((i * stride) + j, i - j);
                column[i - j] = -DoubleKernels.Dot(row, column[..(i - j)]) / l[(i * stride) + i];
            }
        }

        // A^-1 = X^T X: entry (i, j), j <= i, is the product of the columns i and j of X from row i on. The diagonal entry comes last in
        // its row, since the diagonal of X lies in its place.
        for (int i = 0; i < n; i++)
        {
            ReadOnlySpan<double> column = l.Slice((i * stride) + i, n - i);
            for (int j = 0; j <= i; j++)
            {
                l[(i * stride) + j] = DoubleKernels.Dot(column, l.Slice((j * stride) + i, n - i));
            }
        }

        for (int i = 0; i < n; i++)
        {
            for (int j = 0; j < i; j++)
            {
                l[(j * stride) + i] = l[(i * stride) + j];
            }
        }
    }

    private static void RequireSize(long length, int n, int stride)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(n);
        ArgumentOutOfRangeException.ThrowIfLessThan(stride, n);
        if (n > 0 && length < ((n - 1L) * stride) + n)
        {
            throw new ArgumentException($"A matrix of order {n} with rows {stride} apart does not fit into {length} numbers.");
        }
    }
}
