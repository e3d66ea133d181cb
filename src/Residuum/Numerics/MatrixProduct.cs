namespace Residuum.Numerics;

/// <summary>Products of float32 matrices: <c>C = alpha A B + beta C</c>, each operand as it lies or transposed.</summary>
/// <remarks>
/// The inner dimension is cut into panels of <see cref="PanelDepth"/>. Within a panel each element of the product is one chain of fused
/// multiply-adds from 0; the panels are added to C in order. This order holds for every kernel, so results are the same bits for any vector
/// width, any number of threads, and any number of rows or columns beside the element.
/// </remarks>
public static class MatrixProduct
{
    /// <summary>How many terms of the inner dimension are summed in registers before they are added to C.</summary>
    internal const int PanelDepth = 256;

    /// <summary>The name of the kernel that this process uses, for reports.</summary>
    public static string KernelName => SimdWidth.Lanes switch { 16 => "avx512", 8 => "avx2", _ => "scalar" };

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
        for (int i = 0; i < cLayout.Rows; i++)
        {
            for (int j = 0; j < cLayout.Columns; j++)
            {
                ref float target = ref c[cLayout.IsTransposed ? j * cLayout.Stride + i : i * cLayout.Stride + j];
                float value = beta == 0 ? 0 : beta * target;
                for (int start = 0; start < aLayout.Columns; start += PanelDepth)
                {
                    float sum = 0;
                    for (int p = start; p < Math.Min(start + PanelDepth, aLayout.Columns); p++)
                    {
                        float left = a[aLayout.IsTransposed ? p * aLayout.Stride + i : i * aLayout.Stride + p];
                        float right = b[bLayout.IsTransposed ? j * bLayout.Stride + p : p * bLayout.Stride + j];
                        sum = MathF.FusedMultiplyAdd(left, right, sum);
                    }

                    value = MathF.FusedMultiplyAdd(alpha, sum, value);
                }

                target = value;
            }
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
        for (int index = 0; index < outer * inner; index++)
        {
            Multiply(
                a[(int)aLayout.Offset(index, inner)..],
                aLayout.Matrix,
                b[(int)bLayout.Offset(index, inner)..],
                bLayout.Matrix,
                c[(int)cLayout.Offset(index, inner)..],
                cLayout.Matrix,
                work,
                alpha,
                beta);
        }
    }

    private static void RequireShapes(MatrixLayout a, MatrixLayout b, MatrixLayout c)
    {
        if (a.Columns != b.Rows || c.Rows != a.Rows || c.Columns != b.Columns)
        {
            throw new ArgumentException(
                $"The product of {a.Rows} x {a.Columns} and {b.Rows} x {b.Columns} does not fit the target of {c.Rows} x {c.Columns}.");
        }
    }
}
