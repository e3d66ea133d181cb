using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Residuum.Numerics;

/// <summary>Reduces a symmetric matrix to tridiagonal form by reflections: <c>T = Q^T A Q</c>.</summary>
/// <remarks>
/// From the last row upwards: the reflection <c>H_i = I - beta_i u_i u_i^T</c> takes the first i elements of row i to a multiple of the
/// last of them, and changes the leading i x i block to <c>A - u w^T - w u^T</c>. That change is made while the next step reads the block
/// for its product <c>A u</c>, so each step passes once over the block.
/// </remarks>
internal static class HouseholderReduction
{
    /// <summary>The bytes of scratch for n rows.</summary>
    public static long ScratchBytes(int size) => 3 * ScratchArea.BytesOf<double>(size);

    /// <summary>Reduces A, given by its lower triangle, and overwrites it, where asked with Q^T.</summary>
    /// <param name="matrix">A, n * n elements; on return Q^T, row-major, if <paramref name="hasVectors"/>.</param>
    /// <param name="diagonal">Takes the n elements of T's diagonal.</param>
    /// <param name="offDiagonal">Takes T's elements (i, i + 1) at i; the last is 0.</param>
    /// <param name="hasVectors">Whether Q^T is wanted.</param>
    /// <param name="scratch">At least <see cref="ScratchBytes"/>.</param>
    public static void Reduce(Span<double> matrix, Span<double> diagonal, Span<double> offDiagonal, bool hasVectors, ScratchArea scratch)
    {
        int size = diagonal.Length;
        Span<double> betas = scratch.Take<double>(size);
        Span<double> w = scratch.Take<double>(size);
        Span<double> product = scratch.Take<double>(size);
        w.Clear();
        offDiagonal.Clear();

        // Before the first step no change is pending: u is any row, w is 0.
        Span<double> u = size == 0 ? matrix : matrix.Slice((size - 1) * size, size);
        for (int i = size - 1; i >= 0; i--)
        {
            Span<double> row = matrix.Slice(i * size, i + 1);
            if (i < size - 1)
            {
                DoubleKernels.AddScaled(-u[i], w[..(i + 1)], row);
                DoubleKernels.AddScaled(-w[i], u[..(i + 1)], row);
            }

            diagonal[i] = row[i];
            if (i == 0)
            {
                break;
            }

            Span<double> next = row[..i];
            betas[i] = Reflect(next, out offDiagonal[i - 1]);
            UpdateAndMultiply(matrix, size, u, w, next, product);

            // w = beta (p - (beta p.u / 2) u)
            Span<double> p = product[..i];
            DoubleKernels.Scale(betas[i], p);
            DoubleKernels.AddScaled(-0.5 * betas[i] * DoubleKernels.Dot(p, next), next, p);
            u = next;
            Span<double> old = w;
            w = product;
            product = old;
        }

        if (hasVectors)
        {
            FormVectors(matrix, size, betas);
        }
    }

    /// <summary>Replaces x by the vector u of the reflection that takes x to (0, ..., 0, end); u's length is arbitrary.</summary>
    /// <returns><c>beta = 2 / u.u</c>, or 0 where x has that form already.</returns>
    private static double Reflect(Span<double> x, out double end)
    {
        double last = x[^1];
        double scale = DoubleKernels.LargestMagnitude(x[..^1]);
        if (scale == 0)
        {
            end = last;
            return 0;
        }

        scale = Math.Max(scale, Math.Abs(last));
        for (int i = 0; i < x.Length; i++)
        {
            x[i] /= scale;
        }

        last = x[^1];
        double norm = Math.Sqrt(DoubleKernels.Dot(x, x));
        double target = last > 0 ? -norm : norm;
        x[^1] = last - target;
        end = target * scale;
        return 1 / (norm * (norm + Math.Abs(last)));
    }

    /// <summary>The leading block of the next vector's size: A = A - u w^T - w u^T, and the product A x.</summary>
    private static void UpdateAndMultiply(
        Span<double> matrix, int size, ReadOnlySpan<double> u, ReadOnlySpan<double> w, ReadOnlySpan<double> x, Span<double> product)
    {
        product[..x.Length].Clear();
        for (int r = 0; r < x.Length; r++)
        {
            Span<double> row = matrix.Slice(r * size, r + 1);
            double sum = UpdateAndMultiplyRow(row[..r], u, u[r], w, w[r], x, x[r], product);
            row[r] -= 2 * u[r] * w[r];
            product[r] += sum + row[r] * x[r];
        }
    }

    // Moves 8 doubles' loads and 2 stores per element, of which the row's alone (16 bytes) leave the first cache; 8 flops.
    [MethodImpl(LaneLoop.KernelOptions)]
    private static double UpdateAndMultiplyRow(
        Span<double> row,
        ReadOnlySpan<double> u,
        double uRow,
        ReadOnlySpan<double> w,
        double wRow,
        ReadOnlySpan<double> x,
        double xRow,
        Span<double> product)
    {
        nuint length = (nuint)row.Length;
        ArgumentOutOfRangeException.ThrowIfLessThan((nuint)u.Length, length, nameof(u));
        ArgumentOutOfRangeException.ThrowIfLessThan((nuint)w.Length, length, nameof(w));
        ArgumentOutOfRangeException.ThrowIfLessThan((nuint)x.Length, length, nameof(x));
        ArgumentOutOfRangeException.ThrowIfLessThan((nuint)product.Length, length, nameof(product));
        ref double a0 = ref MemoryMarshal.GetReference(row);
        ref double u0 = ref MemoryMarshal.GetReference(u);
        ref double w0 = ref MemoryMarshal.GetReference(w);
        ref double x0 = ref MemoryMarshal.GetReference(x);
        ref double p0 = ref MemoryMarshal.GetReference(product);
        Vector256<double> minusU = Vector256.Create(-uRow);
        Vector256<double> minusW = Vector256.Create(-wRow);
        Vector256<double> xs = Vector256.Create(xRow);
        Vector256<double> sum = Vector256<double>.Zero;
        nuint i = 0;
        for (; i + 4 <= length; i += 4)
        {
            Vector256<double> a = Vector256.FusedMultiplyAdd(minusU, Vector256.LoadUnsafe(ref w0, i), Vector256.LoadUnsafe(ref a0, i));
            a = Vector256.FusedMultiplyAdd(minusW, Vector256.LoadUnsafe(ref u0, i), a);
            a.StoreUnsafe(ref a0, i);
            sum = Vector256.FusedMultiplyAdd(a, Vector256.LoadUnsafe(ref x0, i), sum);
            Vector256.FusedMultiplyAdd(xs, a, Vector256.LoadUnsafe(ref p0, i)).StoreUnsafe(ref p0, i);
        }

        double tail = 0;
        for (; i < length; i++)
        {
            double a = Math.FusedMultiplyAdd(-uRow, Unsafe.Add(ref w0, i), Unsafe.Add(ref a0, i));
            a = Math.FusedMultiplyAdd(-wRow, Unsafe.Add(ref u0, i), a);
            Unsafe.Add(ref a0, i) = a;
            tail = Math.FusedMultiplyAdd(a, Unsafe.Add(ref x0, i), tail);
            Unsafe.Add(ref p0, i) = Math.FusedMultiplyAdd(xRow, a, Unsafe.Add(ref p0, i));
        }

        return DoubleKernels.SumAcross(sum) + tail;
    }

    /// <summary>
    /// Q^T = H_1 H_2 ... H_(n-1), built in place: each reflection acts on the block before its own row and is overwritten then.
    /// </summary>
    private static void FormVectors(Span<double> matrix, int size, ReadOnlySpan<double> betas)
    {
        for (int i = 0; i < size; i++)
        {
            Span<double> u = matrix.Slice(i * size, i);
            for (int r = 0; r < i; r++)
            {
                Span<double> row = matrix.Slice(r * size, i + 1);
                if (betas[i] != 0)
                {
                    DoubleKernels.AddScaled(-betas[i] * DoubleKernels.Dot(row[..i], u), u, row[..i]);
                }

                row[i] = 0;
            }

            u.Clear();
            matrix[i * size + i] = 1;
        }
    }
}
