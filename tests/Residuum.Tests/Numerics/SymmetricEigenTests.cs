using MathNet.Numerics.LinearAlgebra;
using Residuum.Numerics;

namespace Residuum.Tests.Numerics;

/// <summary>The symmetric eigenproblem against its definition and against MathNet.Numerics.</summary>
public sealed class SymmetricEigenTests
{
    private const double Epsilon = 2.220446049250313e-16;

    public static TheoryData<int, string> Matrices()
    {
        TheoryData<int, string> cases = [];
        foreach (int size in (int[])[0, 1, 2, 3, 4, 5, 7, 8, 15, 16, 17, 31, 33, 64, 100, 131])
        {
            foreach (string kind in (string[])["random", "zero", "identity", "rankDeficient", "clustered", "graded", "gradedBackwards", "huge", "tiny", "diagonal", "ones"])
            {
                cases.Add(size, kind);
            }
        }

        return cases;
    }

    [Theory]
    [MemberData(nameof(Matrices))]
    public void DecomposesToRounding(int size, string kind)
    {
        double[] matrix = Make(size, kind);
        (double[] values, double[] vectors) = Decompose(matrix, size);
        AssertDecomposes(matrix, size, values, vectors);

        double[] alone = new double[size];
        SymmetricEigen.Values([.. matrix], alone, new Scratch(1, SymmetricEigen.ScratchBytes(size)).Area(0));
        Assert.Equal(values, alone);
    }

    [Theory]
    [InlineData(3)]
    [InlineData(40)]
    [InlineData(97)]
    public void EigenvaluesAgreeWithMathNet(int size)
    {
        foreach (string kind in (string[])["random", "rankDeficient", "clustered", "graded"])
        {
            double[] matrix = Make(size, kind);
            (double[] values, _) = Decompose(matrix, size);
            double[] expected = Matrix<double>.Build.DenseOfRowMajor(size, size, matrix).Evd(Symmetricity.Symmetric).EigenValues
                .Select(value => value.Real).OrderDescending().ToArray();
            double bound = 20 * size * Epsilon * expected.Max(Math.Abs);
            for (int i = 0; i < size; i++)
            {
                Assert.InRange(values[i], expected[i] - bound, expected[i] + bound);
            }
        }
    }

    [Fact]
    public void ALargeMatrixOfHalfRankDecomposes()
    {
        const int size = 384;
        double[] matrix = Make(size, "rankDeficient");
        (double[] values, double[] vectors) = Decompose(matrix, size);
        AssertDecomposes(matrix, size, values, vectors);
        Assert.All(values[(size / 2)..], value => Assert.InRange(Math.Abs(value), 0, 100 * Epsilon * values[0]));
    }

    [Fact]
    public void OnlyTheLowerTriangleIsReadAndScratchMayHoldAnything()
    {
        const int size = 50;
        double[] matrix = Make(size, "random");
        (double[] values, double[] vectors) = Decompose(matrix, size);
        double[] lower = (double[])matrix.Clone();
        for (int i = 0; i < size; i++)
        {
            lower.AsSpan(i * size + i + 1, size - i - 1).Fill(double.NaN);
        }

        Scratch scratch = new(1, SymmetricEigen.ScratchBytes(size));
        scratch.FillWithGarbage();
        double[] again = new double[size];
        SymmetricEigen.Decompose(lower, again, scratch.Area(0));
        Assert.Equal(values, again);
        Assert.Equal(vectors, lower);
    }

    [Fact]
    public void NothingIsAllocated()
    {
        const int size = 20;
        double[] matrix = Make(size, "random");
        double[] values = new double[size];
        Scratch scratch = new(1, SymmetricEigen.ScratchBytes(size));
        SymmetricEigen.Decompose(matrix, values, scratch.Area(0));
        long before = GC.GetAllocatedBytesForCurrentThread();
        SymmetricEigen.Decompose(matrix, values, scratch.Area(0));
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void AnElementThatIsNotFiniteIsRefused(double bad)
    {
        double[] matrix = [1, 0, bad, 1];
        Scratch scratch = new(1, SymmetricEigen.ScratchBytes(2));
        Assert.Throws<ArgumentException>(() => SymmetricEigen.Decompose(matrix, new double[2], scratch.Area(0)));
    }

    [Fact]
    public void AMatrixOfAnotherSizeIsRefused()
    {
        Scratch scratch = new(1, SymmetricEigen.ScratchBytes(3));
        Assert.Throws<ArgumentException>(() => SymmetricEigen.Decompose(new double[8], new double[3], scratch.Area(0)));
    }

    private static (double[] Values, double[] Vectors) Decompose(double[] matrix, int size)
    {
        double[] vectors = (double[])matrix.Clone();
        double[] values = new double[size];
        Scratch scratch = new(1, SymmetricEigen.ScratchBytes(size));
        SymmetricEigen.Decompose(vectors, values, scratch.Area(0));
        return (values, vectors);
    }

    private static void AssertDecomposes(double[] matrix, int size, double[] values, double[] vectors)
    {
        double norm = values.Length == 0 ? 0 : values.Max(Math.Abs);
        double bound = 20 * (size + 1) * Epsilon;
        for (int i = 0; i < size; i++)
        {
            Assert.True(i == 0 || values[i] <= values[i - 1], "eigenvalues descend");
            for (int j = 0; j <= i; j++)
            {
                double inner = 0;
                double rebuilt = 0;
                for (int k = 0; k < size; k++)
                {
                    inner += vectors[i * size + k] * vectors[j * size + k];
                    rebuilt += values[k] / (norm == 0 ? 1 : norm) * vectors[k * size + i] * vectors[k * size + j];
                }

                Assert.InRange(inner, (i == j ? 1 : 0) - bound, (i == j ? 1 : 0) + bound);
                double scaled = norm == 0 ? matrix[i * size + j] : matrix[i * size + j] / norm;
                Assert.InRange(rebuilt, scaled - bound, scaled + bound);
            }
        }
    }

    private static double[] Make(int size, string kind)
    {
        double[] matrix = new double[size * size];
        CounterRandom random = new(7, (ulong)size);
        double[] draws = new double[size * size];
        for (int i = 0; i < draws.Length; i++)
        {
            draws[i] = random.Normal((ulong)i);
        }

        for (int i = 0; i < size; i++)
        {
            for (int j = 0; j <= i; j++)
            {
                double value = kind switch
                {
                    "zero" => 0,
                    "identity" => i == j ? 1 : 0,
                    "diagonal" => i == j ? i % 3 : 0,
                    "ones" => 1,
                    "random" => draws[i * size + j],
                    "huge" => 1e300 * draws[i * size + j],
                    "tiny" => 1e-310 * draws[i * size + j],
                    "graded" => draws[i * size + j] * Math.Pow(10, -0.25 * (i + j)),
                    "gradedBackwards" => draws[i * size + j] * Math.Pow(10, -0.25 * (2 * size - i - j)),
                    "clustered" => (i == j ? 1 : 0) + 1e-9 * draws[i * size + j],
                    _ => Product(draws, size, i, j),
                };
                matrix[i * size + j] = value;
                matrix[j * size + i] = value;
            }
        }

        return matrix;
    }

    /// <summary>An element of X X^T with X of half as many columns as rows.</summary>
    private static double Product(double[] x, int size, int i, int j)
    {
        double sum = 0;
        for (int k = 0; k < size / 2; k++)
        {
            sum += x[i * size + k] * x[j * size + k];
        }

        return sum;
    }
}
