using Residuum.Numerics;

namespace Residuum.Tests.Numerics;

/// <summary>Subspace iteration against the full decomposition.</summary>
public sealed class LeadingEigenTests
{
    private const double Negligible = 1e-10;

    /// <summary>
    /// Random matrices that grow by random updates, each iteration started from the last one's vectors: the bound is never too small.
    /// </summary>
    [Fact]
    public void The_bound_is_never_below_the_next_eigenvalue()
    {
        int updates = 0;
        double largestExcess = 0;
        for (ulong stream = 0; updates < 1000; stream++)
        {
            CounterRandom random = new(21, stream);
            int size = 20 + random.Below(0, 50);
            int wanted = 1 + random.Below(1, 8);
            double flatness = random.Uniform(2);
            double[] matrix = new double[size * size];
            double[] vectors = new double[wanted * size];
            for (int update = 0; update < 10; update++, updates++)
            {
                Grow(matrix, size, columns: 1 + random.Below(3, 6), flatness, random, update);
                double[] values = Decompose(matrix, size, vectors, wanted);
                double[] exact = Eigenvalues(matrix, size);
                double rounding = 1e-12 * exact[0];
                Assert.True(values[wanted] >= exact[wanted] - rounding, $"update {updates}: {values[wanted]} < {exact[wanted]}");
                largestExcess = Math.Max(largestExcess, (values[wanted] - exact[wanted]) / exact[0]);
                for (int j = 0; j < wanted; j++)
                {
                    Assert.InRange(values[j], 0, exact[j] + rounding);
                }
            }
        }

        // It is a bound and not a guess: what it is too large by is a small part of the spectrum.
        Assert.InRange(largestExcess, 0, 0.2);
    }

    [Fact]
    public void Vectors_are_orthonormal_and_belong_to_their_values()
    {
        const int size = 90;
        const int wanted = 5;
        CounterRandom random = new(22, 0);
        double[] matrix = new double[size * size];
        double[] vectors = new double[wanted * size];
        Grow(matrix, size, columns: 60, flatness: 0, random, 0);
        double[] values = Decompose(matrix, size, vectors, wanted);
        double[] exact = Eigenvalues(matrix, size);
        for (int i = 0; i < wanted; i++)
        {
            Assert.Equal(exact[i], values[i], 1e-9 * exact[0]);
            for (int j = 0; j <= i; j++)
            {
                double inner = DoubleKernels.Dot(vectors.AsSpan(i * size, size), vectors.AsSpan(j * size, size));
                Assert.Equal(i == j ? 1 : 0, inner, 1e-9);
            }
        }

        Assert.Equal(exact[wanted], values[wanted], 0.05 * exact[wanted]);
    }

    [Fact]
    public void A_matrix_of_low_rank_leaves_nothing_over()
    {
        const int size = 64;
        CounterRandom random = new(23, 0);
        double[] matrix = new double[size * size];
        double[] vectors = new double[6 * size];
        Grow(matrix, size, columns: 4, flatness: 1, random, 0);
        double[] values = Decompose(matrix, size, vectors, wanted: 6);
        Assert.InRange(values[6], 0, 1.0001 * Negligible * values[0]);
        Assert.InRange(values[4], 0, 1e-12 * values[0]);
    }

    [Fact]
    public void A_matrix_of_zeros_has_values_of_zero()
    {
        double[] vectors = new double[3 * 40];
        double[] values = Decompose(new double[40 * 40], 40, vectors, wanted: 3);
        Assert.Equal(new double[4], values);
        Assert.All(vectors, element => Assert.True(double.IsFinite(element)));
    }

    private static void Grow(double[] matrix, int size, int columns, double flatness, CounterRandom random, int update)
    {
        for (int column = 0; column < columns; column++)
        {
            double[] x = new double[size];
            for (int i = 0; i < size; i++)
            {
                x[i] = random.Normal((ulong)(100 + (((update * 100) + column) * size) + i)) * Math.Pow(0.8, (1 - flatness) * i);
            }

            for (int i = 0; i < size; i++)
            {
                for (int j = 0; j < size; j++)
                {
                    matrix[i * size + j] += x[i] * x[j];
                }
            }
        }
    }

    private static double[] Decompose(double[] matrix, int size, double[] vectors, int wanted)
    {
        double[] values = new double[wanted + 1];
        Scratch scratch = new(1, LeadingEigen.ScratchBytes(size, wanted));
        scratch.FillWithGarbage();
        LeadingEigen.Decompose((double[])matrix.Clone(), size, vectors, values, Negligible, scratch.Area(0));
        return values;
    }

    private static double[] Eigenvalues(double[] matrix, int size)
    {
        double[] values = new double[size];
        Scratch scratch = new(1, SymmetricEigen.ScratchBytes(size));
        SymmetricEigen.Decompose((double[])matrix.Clone(), values, scratch.Area(0));
        return values;
    }
}
