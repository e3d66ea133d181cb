using Residuum.Numerics;

namespace Residuum.Tests.Numerics;

public sealed class CholeskyTests
{
    [Theory]
    [InlineData(0, 0)]
    [InlineData(1, 1)]
    [InlineData(2, 5)]
    [InlineData(17, 17)]
    [InlineData(64, 70)]
    [InlineData(129, 129)]
    public void Factor_solution_and_inverse_agree_with_the_matrix(int n, int stride)
    {
        double[] a = Positive(n, stride, shift: 0.1);
        double[] l = [.. a];
        Cholesky.Factor(l, n, stride);
        double[] x = Vector(n, stream: 3);
        double[] b = Multiply(a, n, stride, x);
        Cholesky.Solve(l, n, stride, b);
        double[] inverse = [.. l];
        Cholesky.Invert(inverse, n, stride);
        for (int i = 0; i < n; i++)
        {
            Assert.Equal(x[i], b[i], 1e-9);
            for (int j = 0; j < n; j++)
            {
                double product = 0;
                double ofFactors = 0;
                for (int k = 0; k < n; k++)
                {
                    product += a[(i * stride) + k] * inverse[(k * stride) + j];
                    ofFactors += k <= Math.Min(i, j) ? l[(i * stride) + k] * l[(j * stride) + k] : 0;
                }

                Assert.Equal(i == j ? 1 : 0, product, 1e-9);
                Assert.Equal(a[(i * stride) + j], ofFactors, 1e-10 * n);
            }
        }
    }

    [Fact]
    public void A_matrix_that_is_not_positive_definite_is_refused() =>
        Assert.Throws<ArithmeticException>(() => Cholesky.Factor([1, 2, 2, 1], 2, 2));

    /// <summary>Two equal rows and a shift that rounding swallows: the pivot is the shift, as in exact arithmetic.</summary>
    [Fact]
    public void A_pivot_does_not_fall_below_what_it_is_at_least()
    {
        double[] a = [1e16, 1e16, 1e16, 1e16];
        Cholesky.Factor(a, 2, 2, smallestPivot: 1e-3);
        Assert.Equal(Math.Sqrt(1e-3), a[3], 1e-12);
    }

    private static double[] Positive(int n, int stride, double shift)
    {
        double[] g = Vector(n * (n + 3), stream: 1);
        double[] a = new double[Math.Max(0, ((n - 1) * stride) + n)];
        for (int i = 0; i < n; i++)
        {
            for (int j = 0; j < n; j++)
            {
                a[(i * stride) + j] = i == j ? shift : 0;
                for (int k = 0; k < n + 3; k++)
                {
                    a[(i * stride) + j] += g[(i * (n + 3)) + k] * g[(j * (n + 3)) + k];
                }
            }
        }

        return a;
    }

    private static double[] Multiply(double[] a, int n, int stride, double[] x)
    {
        double[] b = new double[n];
        for (int i = 0; i < n; i++)
        {
            for (int j = 0; j < n; j++)
            {
                b[i] += a[(i * stride) + j] * x[j];
            }
        }

        return b;
    }

    private static double[] Vector(int length, ulong stream) => [.. Draws.Normal(length, stream).Select(x => (double)x)];
}
