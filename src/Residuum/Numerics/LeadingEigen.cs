namespace Residuum.Numerics;

/// <summary>
/// The leading eigenvectors of a positive semi-definite matrix from a good guess, by blocked subspace iteration, and a bound on what they
/// leave over.
/// </summary>
/// <remarks>
/// With a guess of k rows and a few random ones besides, q in all: twice <c>Q = orthonormal basis of Q A</c>, then the Ritz values theta
/// and vectors of Q. About 6 products of q d^2 multiply-adds where the full decomposition takes 4 d^3.
/// Ritz values are never larger than the eigenvalues, so the largest one left over must not be taken for the (k + 1)-th eigenvalue. Instead
/// the bound is a number b for which <c>b I - (A - sum of theta_j v_j v_j^T)</c> has a Cholesky factor: then no eigenvalue of A after the
/// k-th is larger than b (Weyl). It is found from an estimate by Lanczos' method, enlarged until the factor exists. One thread, one order
/// of operations, random numbers that depend on the sizes alone.
/// </remarks>
internal static class LeadingEigen
{
    /// <summary>Random rows beside the guess: they find what the guess misses.</summary>
    public const int ExtraRows = 16;

    private const int PowerSteps = 2;
    private const int LanczosSteps = 24;

    // Of the estimate from below: usually enough at once.
    private const double Margin = 1.02;
    private const double Enlargement = 1.1;

    // What the largest value's rounding leaves in E.
    private const double Rounding = 1e-13;

    // Rows whose part outside the others is smaller than the root of this are dependent on them.
    private const double Dependent = 1e-12;

    /// <summary>The bytes of scratch for a matrix of a size and k wanted vectors.</summary>
    public static long ScratchBytes(int size, int wanted)
    {
        int q = Rows(size, wanted);
        return ScratchArea.BytesOf<double>(2L * q * size) + ScratchArea.BytesOf<double>((long)q * q) + ScratchArea.BytesOf<double>(q)
            + ScratchArea.BytesOf<double>(size)
            + Math.Max(SymmetricEigen.ScratchBytes(q), Math.Max(DoubleProduct.ScratchBytes(q, Math.Max(size, q)), BoundScratchBytes(size)));
    }

    /// <summary>Finds them.</summary>
    /// <param name="matrix">A, of <paramref name="size"/> rows and columns, its lower triangle; destroyed.</param>
    /// <param name="size">d.</param>
    /// <param name="vectors">k rows of d elements: the guess, orthonormal or 0; on return the Ritz vectors, the largest first.</param>
    /// <param name="values">Takes k Ritz values and behind them the bound on all other eigenvalues; its length is k + 1.</param>
    /// <param name="negligible">The share of the largest value up to which a bound needs not be any tighter.</param>
    /// <param name="scratch">At least <see cref="ScratchBytes"/>.</param>
    public static void Decompose(
        Span<double> matrix, int size, Span<double> vectors, Span<double> values, double negligible, ScratchArea scratch)
    {
        int wanted = values.Length - 1;
        int q = Rows(size, wanted);
        Span<double> basis = scratch.Take<double>(2 * q * size);
        Span<double> product = basis[(q * size)..];
        basis = basis[..(q * size)];
        Span<double> small = scratch.Take<double>(q * q);
        Span<double> theta = scratch.Take<double>(q);
        Span<double> diagonal = scratch.Take<double>(size);

        Mirror(matrix, size);
        vectors[..(wanted * size)].CopyTo(basis);
        FillWithRandom(basis, size, q);
        int rows = Orthonormalize(basis, product, q, size, small, theta, scratch);
        for (int step = 0; step < PowerSteps; step++)
        {
            DoubleProduct.Multiply(basis, matrix, isTransposed: false, rows, size, size, product, scratch);
            product[..(rows * size)].CopyTo(basis);
            rows = Orthonormalize(basis, product, rows, size, small, theta, scratch);
        }

        // Rayleigh and Ritz: Q A Q^T = V diag(theta) V^T, and V^T Q.
        DoubleProduct.Multiply(basis, matrix, isTransposed: false, rows, size, size, product, scratch);
        DoubleProduct.Multiply(product, basis, isTransposed: true, rows, rows, size, small, scratch);
        SymmetricEigen.Decompose(small[..(rows * rows)], theta[..rows], scratch);
        DoubleProduct.Multiply(small, basis, isTransposed: false, Math.Min(rows, wanted), size, rows, product, scratch);
        vectors[..(wanted * size)].Clear();
        values.Clear();
        for (int j = 0; j < Math.Min(rows, wanted); j++)
        {
            values[j] = Math.Max(theta[j], 0);
            product.Slice(j * size, size).CopyTo(vectors[(j * size)..]);
        }

        values[wanted] = Bound(matrix, size, vectors, values[..wanted], negligible, diagonal, scratch);
    }

    private static int Rows(int size, int wanted) => Math.Min(size, wanted + ExtraRows);

    private static long BoundScratchBytes(int size) =>
        ScratchArea.BytesOf<double>((long)SymmetricProduct.PanelRows * SymmetricProduct.Stride(size))
        + (3 * ScratchArea.BytesOf<double>(size))
        + ScratchArea.BytesOf<double>(LanczosSteps * LanczosSteps) + ScratchArea.BytesOf<double>(LanczosSteps)
        + SymmetricEigen.ScratchBytes(LanczosSteps);

    private static void Mirror(Span<double> matrix, int size)
    {
        for (int i = 0; i < size; i++)
        {
            for (int j = 0; j < i; j++)
            {
                matrix[j * size + i] = matrix[i * size + j];
            }
        }
    }

    // Rows of zeros, and those beyond the guess.
    private static void FillWithRandom(Span<double> basis, int size, int rows)
    {
        CounterRandom random = new((ulong)size, (ulong)rows);
        for (int j = 0; j < rows; j++)
        {
            Span<double> row = basis.Slice(j * size, size);
            if (j >= rows - ExtraRows || DoubleKernels.LargestMagnitude(row) == 0)
            {
                for (int i = 0; i < size; i++)
                {
                    row[i] = random.Normal(((ulong)j * (ulong)size) + (ulong)i);
                }
            }
        }
    }

    /// <summary>
    /// An orthonormal basis of the rows' span: rows scaled to length 1, their Gram matrix <c>V diag(g) V^T</c>, <c>diag(g)^(-1/2) V^T
    /// Q</c>.
    /// </summary>
    /// <returns>How many rows it has; dependent ones are left out.</returns>
    private static int Orthonormalize(
        Span<double> basis, Span<double> spare, int rows, int size, Span<double> gram, Span<double> values, ScratchArea scratch)
    {
        for (int j = 0; j < rows; j++)
        {
            Span<double> row = basis.Slice(j * size, size);
            double largest = DoubleKernels.LargestMagnitude(row);
            if (largest > 0)
            {
                DoubleKernels.Scale(1 / largest, row);
                DoubleKernels.Scale(1 / Math.Sqrt(DoubleKernels.Dot(row, row)), row);
            }
        }

        DoubleProduct.Multiply(basis, basis, isTransposed: true, rows, rows, size, gram, scratch);
        SymmetricEigen.Decompose(gram[..(rows * rows)], values[..rows], scratch);
        int independent = 0;
        while (independent < rows && values[independent] > Dependent * values[0])
        {
            DoubleKernels.Scale(1 / Math.Sqrt(values[independent]), gram.Slice(independent * rows, rows));
            independent++;
        }

        DoubleProduct.Multiply(gram, basis, isTransposed: false, independent, size, rows, spare, scratch);
        spare[..(independent * size)].CopyTo(basis);
        return independent;
    }

    /// <summary>A number that no eigenvalue of <c>E = A - sum of theta_j v_j v_j^T</c> exceeds.</summary>
    private static double Bound(
        Span<double> matrix,
        int size,
        ReadOnlySpan<double> vectors,
        ReadOnlySpan<double> theta,
        double negligible,
        Span<double> diagonal,
        ScratchArea scratch)
    {
        Subtract(matrix, size, vectors, theta, scratch);
        for (int i = 0; i < size; i++)
        {
            diagonal[i] = matrix[i * size + i];
        }

        double floor = Math.Max(negligible, Rounding) * theta[0];
        double bound = Math.Max(Margin * Estimate(matrix, size, scratch), floor);
        while (bound > 0 && !IsBound(bound, matrix, size, diagonal))
        {
            bound *= Enlargement;
        }

        return bound;
    }

    private static void Subtract(
        Span<double> matrix, int size, ReadOnlySpan<double> vectors, ReadOnlySpan<double> theta, ScratchArea scratch)
    {
        int stride = SymmetricProduct.Stride(size);
        Span<double> panel = scratch.Take<double>(SymmetricProduct.PanelRows * stride);
        panel.Clear();
        DoubleKernels.Scale(-1, matrix);
        for (int first = 0; first < theta.Length; first += SymmetricProduct.PanelRows)
        {
            int rows = Math.Min(SymmetricProduct.PanelRows, theta.Length - first);
            for (int i = 0; i < rows; i++)
            {
                Span<double> row = panel.Slice(i * stride, size);
                row.Clear();
                DoubleKernels.AddScaled(Math.Sqrt(theta[first + i]), vectors.Slice((first + i) * size, size), row);
            }

            SymmetricProduct.Add(panel, rows, size, matrix);
        }

        DoubleKernels.Scale(-1, matrix);
        Mirror(matrix, size);
    }

    /// <summary>The largest eigenvalue from below: of the tridiagonal matrix that Lanczos' method makes of a random vector.</summary>
    private static double Estimate(ReadOnlySpan<double> matrix, int size, ScratchArea scratch)
    {
        int steps = Math.Min(LanczosSteps, size);
        Span<double> v = scratch.Take<double>(size);
        Span<double> previous = scratch.Take<double>(size);
        Span<double> next = scratch.Take<double>(size);
        Span<double> tridiagonal = scratch.Take<double>(steps * steps);
        Span<double> values = scratch.Take<double>(steps);
        tridiagonal.Clear();
        previous.Clear();
        CounterRandom random = new((ulong)size, stream: 0);
        for (int i = 0; i < size; i++)
        {
            v[i] = random.Normal((ulong)i);
        }

        DoubleKernels.Scale(1 / Math.Sqrt(DoubleKernels.Dot(v, v)), v);
        double beta = 0;
        for (int step = 0; step < steps; step++)
        {
            for (int i = 0; i < size; i++)
            {
                next[i] = DoubleKernels.Dot(matrix.Slice(i * size, size), v);
            }

            double alpha = DoubleKernels.Dot(next, v);
            DoubleKernels.AddScaled(-alpha, v, next);
            DoubleKernels.AddScaled(-beta, previous, next);
            tridiagonal[step * steps + step] = alpha;
            beta = Math.Sqrt(DoubleKernels.Dot(next, next));
            if (step + 1 == steps || beta <= 1e-14 * Math.Abs(alpha))
            {
                break;
            }

            tridiagonal[(step + 1) * steps + step] = beta;
            DoubleKernels.Scale(1 / beta, next);
            Span<double> oldest = previous;
            previous = v;
            v = next;
            next = oldest;
        }

        SymmetricEigen.Decompose(tridiagonal, values, scratch);
        return values[0];
    }

    /// <summary>Whether <c>bound I - E</c> has a Cholesky factor. E is read above the diagonal, the factor is written below it.</summary>
    private static bool IsBound(double bound, Span<double> matrix, int size, ReadOnlySpan<double> diagonal)
    {
        for (int i = 0; i < size; i++)
        {
            Span<double> row = matrix.Slice(i * size, i + 1);
            for (int j = 0; j < i; j++)
            {
                ReadOnlySpan<double> other = matrix.Slice(j * size, j + 1);
                row[j] = (-matrix[j * size + i] - DoubleKernels.Dot(row[..j], other[..j])) / other[j];
            }

            double pivot = bound - diagonal[i] - DoubleKernels.Dot(row[..i], row[..i]);
            if (!(pivot > 0))
            {
                return false;
            }

            row[i] = Math.Sqrt(pivot);
        }

        return true;
    }
}
