using Residuum.Compression;
using Residuum.Numerics;

namespace Residuum.Tests.Compression;

/// <summary>Against singular vectors that are known because the matrix is made of them.</summary>
public sealed class LeadingSubspaceTests
{
    private static readonly WorkSharing Threads = new(2);

    public static TheoryData<int, int, int, bool> Shapes => new()
    {
        { 7, 12, 3, false }, { 7, 12, 3, true }, { 12, 7, 3, false }, { 12, 7, 3, true }, { 9, 9, 9, false }, { 9, 9, 9, true },
        { 40, 150, 5, false }, { 150, 40, 5, false }, { 1, 30, 1, false }, { 30, 1, 1, true },
    };

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Finds_the_singular_vectors(int rows, int columns, int rank, bool isRight)
    {
        (double[,] left, double[,] right, float[] matrix) = Matrix(rows, columns);
        float[] basis = Find(new SubspaceLayout(rows, columns, rank, isRight), matrix, 1, [], []);
        AssertEqualUpToSigns(isRight ? right : left, basis, isRight ? columns : rows, rank);
    }

    /// <summary>The same matrix, half of it given as a product of two factors.</summary>
    [Theory]
    [MemberData(nameof(Shapes))]
    public void Finds_those_of_a_sum_with_a_product(int rows, int columns, int rank, bool isRight)
    {
        (double[,] left, double[,] right, float[] matrix) = Matrix(rows, columns);
        SubspaceLayout layout = new(rows, columns, rank, isRight);
        CounterRandom random = new(9, stream: 5);
        float[] old = [.. Enumerable.Range(0, layout.BasisElements).Select(i => (float)random.Normal((ulong)i))];
        float[] coefficients = [.. Enumerable.Range(0, layout.CoefficientElements).Select(i => (float)random.Normal((ulong)(i + 10_000)))];
        layout.Expand(-1, old, coefficients, 1, matrix, WorkSharing.Alone);
        VectorKernels.Scale(matrix, 2);
        float[] basis = Find(layout, matrix, 0.5f, old, coefficients);
        AssertEqualUpToSigns(isRight ? right : left, basis, isRight ? columns : rows, rank);
    }

    /// <summary>Sides beyond which vectors are iterated and not decomposed; the matrix has fewer directions than the iteration's block.</summary>
    [Theory]
    [InlineData(1030, 1100, false, 1)]
    [InlineData(1030, 1100, true, 1)]
    [InlineData(1100, 1030, true, 1e-15f)]
    public void Large_matrices_are_iterated(int rows, int columns, bool isRight, float size)
    {
        (double[,] left, double[,] right, float[] matrix) = Matrix(rows, columns, terms: 9);
        VectorKernels.Scale(matrix, size);
        SubspaceLayout layout = new(rows, columns, 4, isRight);
        Assert.True(SubspaceScratchSizes.IsIterative(layout));
        float[] basis = Find(layout, matrix, 1, [], []);
        AssertEqualUpToSigns(isRight ? right : left, basis, isRight ? columns : rows, 4);
    }

    /// <summary>Noise has no gap between singular values: the vectors are found all the same, to what its spacing allows.</summary>
    [Fact]
    public void Iterated_vectors_of_noise_hold_as_much_as_decomposed_ones()
    {
        SubspaceLayout layout = new(1030, 1040, 6, IsRight: false);
        float[] matrix = new float[1030 * 1040];
        CounterRandom random = new(3, stream: 6);
        for (int i = 0; i < matrix.Length; i++)
        {
            matrix[i] = (float)random.Normal((ulong)i);
        }

        double Held(float[] basis, SubspaceLayout of)
        {
            float[] coefficients = new float[of.CoefficientElements];
            of.Project(basis, matrix, coefficients, Threads);
            return Reductions.SumOfSquares(coefficients.AsSpan(0, 6 * of.Length));
        }

        // A rank above a quarter of the side is decomposed; its first six vectors are the leading six.
        SubspaceLayout wide = layout with { Rank = 300 };
        Assert.False(SubspaceScratchSizes.IsIterative(wide));
        double exact = Held(Find(wide, matrix, 1, [], []), wide);
        Assert.InRange(Held(Find(layout, matrix, 1, [], []), layout) / exact, 0.999, 1.0001);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_zero_matrix_gives_the_first_unit_vectors(bool isRight)
    {
        float[] basis = Find(new SubspaceLayout(5, 8, 2, isRight), new float[40], 1, [], []);
        float[] expected = new float[basis.Length];
        expected[0] = expected[3] = 1;
        Assert.Equal(expected, basis);
    }

    /// <summary>On the longer side there are more basis vectors to be had than the matrix has directions.</summary>
    [Fact]
    public void What_the_matrix_does_not_have_is_completed()
    {
        (_, _, float[] matrix) = Matrix(12, 3);
        float[] basis = Find(new SubspaceLayout(12, 3, 5, IsRight: false), matrix, 1, [], []);
        float[] gram = new float[25];
        MatrixLayout layout = new(12, 5);
        MatrixProduct.Multiply(basis, layout.Transpose(), basis, layout, gram, new MatrixLayout(5, 5), WorkSharing.Alone);
        for (int i = 0; i < 25; i++)
        {
            Assert.Equal(i % 6 == 0 ? 1 : 0, gram[i], 1e-5f);
        }
    }

    [Fact]
    public void Of_the_largest_entries_of_a_vector_the_first_becomes_positive()
    {
        float[] basis = [-3, 1, 2, -2, 3, 2];
        BasisSigns.Fix(basis, 3, 2);
        Assert.Equal(new float[] { 3, -1, -2, 2, -3, -2 }, basis);
    }

    private static float[] Find(SubspaceLayout layout, float[] matrix, float alpha, float[] old, float[] coefficients)
    {
        float[] basis = new float[layout.BasisElements];
        basis.AsSpan().Fill(float.NaN);
        new LeadingSubspace(default(SubspaceScratchSizes).Including(layout)).Find(layout, alpha, matrix, old, coefficients, basis, Threads);
        return basis;
    }

    // U diag(1, 0.8, 0.64, ...) V^T with random orthonormal U and V.
    private static (double[,] Left, double[,] Right, float[] Matrix) Matrix(int rows, int columns, int terms = int.MaxValue)
    {
        int rank = Math.Min(Math.Min(rows, columns), terms);
        double[,] left = Orthonormal(rows, rank, stream: 1);
        double[,] right = Orthonormal(columns, rank, stream: 2);
        float[] matrix = new float[rows * columns];
        for (int i = 0; i < rows; i++)
        {
            for (int j = 0; j < columns; j++)
            {
                double sum = 0;
                for (int k = 0; k < rank; k++)
                {
                    sum += left[i, k] * Math.Pow(0.8, k) * right[j, k];
                }

                matrix[(i * columns) + j] = (float)sum;
            }
        }

        return (left, right, matrix);
    }

    private static double[,] Orthonormal(int rows, int columns, ulong stream)
    {
        CounterRandom random = new((ulong)rows, stream);
        double[,] q = new double[rows, columns];
        for (int j = 0; j < columns; j++)
        {
            for (int i = 0; i < rows; i++)
            {
                q[i, j] = random.Normal((ulong)((i * columns) + j));
            }

            for (int pass = 0; pass < 2; pass++)
            {
                for (int k = 0; k < j; k++)
                {
                    double part = Enumerable.Range(0, rows).Sum(i => q[i, j] * q[i, k]);
                    for (int i = 0; i < rows; i++)
                    {
                        q[i, j] -= part * q[i, k];
                    }
                }
            }

            double norm = Math.Sqrt(Enumerable.Range(0, rows).Sum(i => q[i, j] * q[i, j]));
            for (int i = 0; i < rows; i++)
            {
                q[i, j] /= norm;
            }
        }

        return q;
    }

    private static void AssertEqualUpToSigns(double[,] expected, float[] basis, int side, int rank)
    {
        for (int j = 0; j < rank; j++)
        {
            double inner = Enumerable.Range(0, side).Sum(i => expected[i, j] * basis[(i * rank) + j]);
            for (int i = 0; i < side; i++)
            {
                Assert.Equal(Math.Sign(inner) * expected[i, j], basis[(i * rank) + j], 2e-5);
            }
        }
    }
}
