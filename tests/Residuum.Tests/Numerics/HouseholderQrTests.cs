using FsCheck;
using FsCheck.Fluent;
using Residuum.Numerics;

namespace Residuum.Tests.Numerics;

public sealed class HouseholderQrTests
{
    public static TheoryData<int, int> Shapes => new()
    {
        { 1, 1 }, { 5, 1 }, { 5, 5 }, { 33, 32 }, { 40, 33 }, { 64, 64 }, { 100, 65 }, { 700, 40 }, { 5000, 17 },
    };

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Columns_are_orthonormal_and_column_j_lies_in_the_span_of_the_first_j(int length, int count)
    {
        float[] columns = Normal(length, count, seed: 1);
        float[] original = [.. columns];
        Orthonormalize(columns, length, count);
        AssertOrthonormal(columns, length, count);

        // What is left of a column after taking out its parts along the first j columns of Q is rounding.
        for (int j = 0; j < count; j++)
        {
            double[] rest = [.. original.AsSpan(j * length, length).ToArray().Select(x => (double)x)];
            for (int i = 0; i <= j; i++)
            {
                ReadOnlySpan<float> q = columns.AsSpan(i * length, length);
                double part = Dot(rest, q);
                for (int k = 0; k < length; k++)
                {
                    rest[k] -= part * q[k];
                }
            }

            Assert.True(Math.Sqrt(rest.Sum(x => x * x)) < 1e-5 * Math.Sqrt(length), $"column {j}");
        }
    }

    /// <summary>Y of a power iteration has squared singular values, so its columns are nearly dependent; or some are, or are zero.</summary>
    [Fact]
    public void Dependent_zero_huge_and_tiny_columns_give_orthonormal_ones()
    {
        Gen<(int Length, int Count, int Rank, int Kind, int Seed)> cases =
            from length in Gen.Choose(1, 90)
            from count in Gen.Choose(1, Math.Min(length, 70))
            from rank in Gen.Choose(0, 3)
            from kind in Gen.Choose(0, 5)
            from seed in Gen.Choose(0, 1_000_000)
            select (length, count, rank, kind, seed);
        Prop.ForAll(cases.ToArbitrary(), sample =>
        {
            float[] columns = Degenerate(sample.Length, sample.Count, sample.Rank, sample.Kind, (ulong)sample.Seed);
            Orthonormalize(columns, sample.Length, sample.Count);
            AssertOrthonormal(columns, sample.Length, sample.Count);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(300));
    }

    [Fact]
    public void A_zero_matrix_gives_the_first_unit_vectors()
    {
        float[] columns = new float[7 * 3];
        Orthonormalize(columns, 7, 3);
        float[] expected = new float[7 * 3];
        expected[0] = expected[8] = expected[16] = 1;
        Assert.Equal(expected, columns);
    }

    [Theory]
    [InlineData(3000, 70)]
    [InlineData(4096, 16)]
    public void Threads_change_no_bit(int length, int count)
    {
        float[] alone = Normal(length, count, seed: 5);
        float[] shared = [.. alone];
        Orthonormalize(alone, length, count);
        HouseholderQr.Orthonormalize(shared, length, count, Garbage(length, count), new WorkSharing(3));
        Assert.Equal(alone, shared);
    }

    [Fact]
    public void More_columns_than_rows_are_refused() =>
        Assert.Throws<ArgumentException>(() => Orthonormalize(new float[12], length: 3, count: 4));

    private static void Orthonormalize(float[] columns, int length, int count) =>
        HouseholderQr.Orthonormalize(columns, length, count, Garbage(length, count), WorkSharing.Alone);

    private static float[] Garbage(int length, int count)
    {
        float[] scratch = new float[HouseholderQr.ScratchLength(length, count)];
        scratch.AsSpan().Fill(float.NaN);
        return scratch;
    }

    private static float[] Normal(int length, int count, ulong seed)
    {
        CounterRandom random = new(seed, stream: 3);
        return [.. Enumerable.Range(0, length * count).Select(i => (float)random.Normal((ulong)i))];
    }

    private static float[] Degenerate(int length, int count, int rank, int kind, ulong seed)
    {
        float[] columns = new float[length * count];
        float[] basis = Normal(length, 3, seed);
        CounterRandom weights = new(seed, stream: 4);
        for (int j = 0; j < count; j++)
        {
            for (int i = 0; i < length; i++)
            {
                for (int k = 0; k < rank; k++)
                {
                    columns[(j * length) + i] += basis[(k * length) + i] * (float)weights.Normal((ulong)((j * 3) + k));
                }
            }

            // Sizes: as they are, huge, squares below the least of float32, zeros between, and falling by a factor of 1000.
            double size = kind switch { 1 => 1e17, 2 => 1e-22, 3 => j % 2, 4 => Math.Pow(1e-3, j % 12), 5 => Math.Pow(1e-3, 12 - (j % 12)), _ => 1 };
            for (int i = 0; i < length; i++)
            {
                columns[(j * length) + i] *= (float)size;
            }
        }

        return columns;
    }

    private static void AssertOrthonormal(float[] columns, int length, int count)
    {
        for (int i = 0; i < count; i++)
        {
            for (int j = 0; j <= i; j++)
            {
                double inner = Dot([.. columns.AsSpan(i * length, length).ToArray().Select(x => (double)x)], columns.AsSpan(j * length, length));
                Assert.True(Math.Abs(inner - (i == j ? 1 : 0)) < 3e-6, $"columns {i} and {j} of {length} x {count}: {inner}");
            }
        }
    }

    private static double Dot(double[] x, ReadOnlySpan<float> y)
    {
        double sum = 0;
        for (int i = 0; i < x.Length; i++)
        {
            sum += x[i] * y[i];
        }

        return sum;
    }
}
