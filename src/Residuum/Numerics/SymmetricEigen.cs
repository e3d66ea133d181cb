namespace Residuum.Numerics;

/// <summary>The eigenvalues and eigenvectors of a symmetric matrix in double: Householder tridiagonalisation, then implicit QL.</summary>
/// <remarks>
/// For A of n x n, about 4/3 n^3 multiply-adds for the reduction and its vectors and 3 n^3 for the rotations. The errors are those of a
/// backward stable method: eigenvalues and <c>A - V diag(values) V^T</c> to a small multiple of 2^-52 of the largest eigenvalue, vectors
/// orthonormal to rounding, also where eigenvalues coincide or are 0. One thread, one order of operations: the same bits on every machine.
/// Nothing is allocated.
/// </remarks>
internal static class SymmetricEigen
{
    /// <summary>The bytes of scratch that a matrix of a size needs.</summary>
    /// <param name="size">The number of rows, n.</param>
    public static long ScratchBytes(int size) =>
        ScratchArea.BytesOf<double>(size) + Math.Max(HouseholderReduction.ScratchBytes(size), TridiagonalQl.ScratchBytes(size));

    /// <summary>Decomposes a symmetric matrix: <c>A = sum over j of values[j] v_j v_j^T</c>.</summary>
    /// <param name="matrix">
    /// A, row-major, n * n elements, of which the lower triangle with the diagonal is read; on return row j is the eigenvector v_j.
    /// </param>
    /// <param name="values">Takes the n eigenvalues, the largest first; its length is n.</param>
    /// <param name="scratch">At least <see cref="ScratchBytes"/> bytes; the caller's own area is not used up.</param>
    /// <exception cref="ArgumentException">The matrix does not have n * n elements, or one of its elements is not finite.</exception>
    public static void Decompose(Span<double> matrix, Span<double> values, ScratchArea scratch)
    {
        double unit = Diagonalize(matrix, values, hasVectors: true, scratch);
        SortDescending(matrix, values);
        DoubleKernels.Scale(unit, values);
    }

    /// <summary>The eigenvalues alone, in about a third of the time: 4/3 n^3 flops.</summary>
    /// <param name="matrix">A, row-major, n * n elements, of which the lower triangle with the diagonal is read; overwritten.</param>
    /// <param name="values">Takes the n eigenvalues, the largest first; its length is n.</param>
    /// <param name="scratch">At least <see cref="ScratchBytes"/> bytes; the caller's own area is not used up.</param>
    /// <exception cref="ArgumentException">The matrix does not have n * n elements, or one of its elements is not finite.</exception>
    public static void Values(Span<double> matrix, Span<double> values, ScratchArea scratch)
    {
        double unit = Diagonalize(matrix, values, hasVectors: false, scratch);
        values.Sort();
        values.Reverse();
        DoubleKernels.Scale(unit, values);
    }

    // The eigenvalues in no order, over the unit that is returned.
    private static double Diagonalize(Span<double> matrix, Span<double> values, bool hasVectors, ScratchArea scratch)
    {
        int size = values.Length;
        if (matrix.Length != (long)size * size)
        {
            throw new ArgumentException(
                $"The matrix has {matrix.Length} elements; for {size} eigenvalues it must have {size} x {size}.", nameof(matrix));
        }

        double unit = Unit(matrix, size);
        Span<double> offDiagonal = scratch.Take<double>(size);
        ScaleLower(matrix, size, 1 / unit);
        HouseholderReduction.Reduce(matrix, values, offDiagonal, hasVectors, scratch);
        TridiagonalQl.Diagonalize(values, offDiagonal, hasVectors ? matrix : [], scratch);
        return unit;
    }

    /// <summary>
    /// A power of two near the largest element where that is very large or small, so that no square overflows or vanishes; else 1.
    /// </summary>
    private static double Unit(ReadOnlySpan<double> matrix, int size)
    {
        double largest = 0;
        for (int i = 0; i < size; i++)
        {
            largest = Math.Max(largest, DoubleKernels.LargestMagnitude(matrix.Slice(i * size, i + 1)));
        }

        if (!double.IsFinite(largest))
        {
            throw new ArgumentException("The matrix has an element that is not finite.", nameof(matrix));
        }

        return largest is 0 or (> 1e-100 and < 1e100) ? 1 : Math.ScaleB(1, Math.Clamp(Math.ILogB(largest), -1000, 1000));
    }

    private static void ScaleLower(Span<double> matrix, int size, double factor)
    {
        if (factor == 1)
        {
            return;
        }

        for (int i = 0; i < size; i++)
        {
            DoubleKernels.Scale(factor, matrix.Slice(i * size, i + 1));
        }
    }

    private static void SortDescending(Span<double> matrix, Span<double> values)
    {
        int size = values.Length;
        for (int i = 0; i + 1 < size; i++)
        {
            int largest = i;
            for (int j = i + 1; j < size; j++)
            {
                largest = values[j] > values[largest] ? j : largest;
            }

            if (largest != i)
            {
                (values[i], values[largest]) = (values[largest], values[i]);
                Swap(matrix.Slice(i * size, size), matrix.Slice(largest * size, size));
            }
        }
    }

    private static void Swap(Span<double> x, Span<double> y)
    {
        for (int i = 0; i < x.Length; i++)
        {
            (x[i], y[i]) = (y[i], x[i]);
        }
    }
}
