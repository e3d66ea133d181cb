using Residuum.Compression;
using Residuum.Numerics;
using Residuum.Tests.Numerics;

namespace Residuum.Tests.Compression;

public sealed class LowRankProjectorTests
{
    [Theory]
    [InlineData(7, 5, 5)]
    [InlineData(5, 7, 9)]
    [InlineData(1, 6, 1)]
    [InlineData(6, 1, 3)]
    public void Full_rank_keeps_everything(int rows, int columns, int rank)
    {
        float[] matrix = Draws.Normal(rows * columns, stream: 1);
        double norm = Norm(matrix);
        LowRankProjector projector = Started(rows, columns, rank);
        Assert.Equal(Math.Min(rank, Math.Min(rows, columns)), projector.Rank);
        Compress(projector, rows, columns, matrix, out _, out _);
        Assert.True(Norm(matrix) < 1e-5 * norm);
    }

    /// <summary>What is left is orthogonal to what was kept, and P is orthonormal.</summary>
    [Fact]
    public void The_rest_is_orthogonal_to_the_kept_part()
    {
        float[] matrix = Draws.Normal(30 * 20, stream: 2);
        float[] original = [.. matrix];
        LowRankProjector projector = Started(30, 20, 3);
        Compress(projector, 30, 20, matrix, out float[] p, out float[] q);
        for (int i = 0; i < 3; i++)
        {
            for (int j = 0; j < 3; j++)
            {
                Assert.Equal(i == j ? 1 : 0, DoubleProducts.Dot(p.AsSpan(i * 30, 30), p.AsSpan(j * 30, 30)), 1e-6);
            }
        }

        float[] kept = [.. original.Zip(matrix).Select(pair => pair.First - pair.Second)];
        Assert.Equal(0, DoubleProducts.Dot(kept, matrix) / Norm(original), 1e-4);
        Assert.Equal(projector.Q.ToArray(), q);
    }

    /// <summary>Page, 5.3, rule 2: a matrix of rank 1 is kept whole by rank 3, and what found no direction keeps its old Q.</summary>
    [Fact]
    public void A_rank_deficient_matrix_is_kept_whole_and_unused_columns_keep_their_Q()
    {
        float[] u = Draws.Normal(12, stream: 3);
        float[] v = Draws.Normal(9, stream: 4);
        float[] matrix = [.. u.SelectMany(a => v.Select(b => a * b))];
        double norm = Norm(matrix);
        LowRankProjector projector = Started(12, 9, 3);
        float[] before = projector.Q.ToArray();
        Compress(projector, 12, 9, matrix, out float[] p, out _);
        Assert.True(Norm(matrix) < 1e-5 * norm);
        Assert.All(p.AsSpan(12).ToArray(), entry => Assert.Equal(0, entry));
        Assert.Equal(before[9..], projector.Q.ToArray()[9..]);
        Assert.NotEqual(before[..9], projector.Q.ToArray()[..9]);
    }

    /// <summary>Two columns of M Q that differ by 1e-4 of their length: the second's direction is what the first leaves of it.</summary>
    [Fact]
    public void A_nearly_dependent_column_keeps_the_direction_of_its_remainder()
    {
        float[] u = Draws.Normal(12, stream: 5);
        float[] v = Draws.Normal(12, stream: 6);
        float[] matrix = [.. u.Zip(v).SelectMany(pair => (float[])[pair.First, pair.First + (1e-4f * pair.Second)])];
        double[] first = [.. Enumerable.Range(0, 12).Select(row => (double)matrix[2 * row])];
        double[] second = [.. Enumerable.Range(0, 12).Select(row => (double)matrix[(2 * row) + 1])];
        double along = Dot(first, second) / Dot(first, first);
        double[] remainder = [.. second.Zip(first).Select(pair => pair.First - (along * pair.Second))];
        double length = Math.Sqrt(Dot(remainder, remainder));

        LowRankProjector projector = new(12, 2, 2);
        projector.Start([1, 0, 0, 1]);
        Compress(projector, 12, 2, matrix, out float[] p, out _);
        for (int row = 0; row < 12; row++)
        {
            Assert.Equal(remainder[row] / length, p[12 + row], 1e-4);
        }
    }

    /// <summary>Page, 5.3, rule 1: zeros are kept as zeros and do not make Q zero for ever.</summary>
    [Fact]
    public void A_matrix_of_zeros_leaves_Q_alone()
    {
        LowRankProjector projector = Started(6, 5, 2);
        float[] before = projector.Q.ToArray();
        float[] zeros = new float[30];
        Compress(projector, 6, 5, zeros, out float[] p, out float[] q);
        Assert.Equal(before, projector.Q.ToArray());
        Assert.All(p.Concat(q).Concat(zeros), entry => Assert.Equal(0, entry));
    }

    [Fact]
    public void Q_is_given_row_by_row()
    {
        LowRankProjector projector = new(4, 3, 2);
        projector.Start([1, 2, 3, 4, 5, 6]);
        Assert.Equal(new float[] { 1, 3, 5, 2, 4, 6 }, projector.Q.ToArray());
    }

    private static LowRankProjector Started(int rows, int columns, int rank)
    {
        LowRankProjector projector = new(rows, columns, rank);
        projector.Start(seed: 42, parameter: 1);
        return projector;
    }

    private static void Compress(LowRankProjector projector, int rows, int columns, float[] matrix, out float[] p, out float[] q)
    {
        p = new float[projector.Rank * rows];
        q = new float[projector.Rank * columns];
        projector.Compress(matrix, p, q, new Scratch(1, LowRankProjector.ScratchBytes(rows, columns, projector.Rank)).Area(0));
    }

    private static double Dot(double[] x, double[] y) => x.Zip(y).Sum(pair => pair.First * pair.Second);

    private static double Norm(float[] x) => Math.Sqrt(DoubleProducts.Dot(x, x));
}
