using Residuum.Numerics;

namespace Residuum.Tests.Numerics;

/// <summary>Products of few rows with a large matrix take a way of their own; the bits are those of every other product.</summary>
public sealed class MatrixFlatTests
{
    private const int Depth = 700;
    private const int Columns = 1030;

    [Theory]
    [InlineData(1, false)]
    [InlineData(16, true)]
    [InlineData(37, false)]
    [InlineData(160, true)]
    public void Rows_are_the_same_bits_as_in_a_tall_product(int rows, bool transposed)
    {
        const int Tall = 200;
        float[] a = Normal(Tall * Depth, stream: 1);
        float[] b = Normal(Depth * Columns, stream: 2);
        float[] start = Normal(Tall * Columns, stream: 3);
        MatrixLayout aLayout = transposed ? new(Tall, Depth, Tall, IsTransposed: true) : new(Tall, Depth);
        float[] tall = [.. start];
        Multiply(a, aLayout, b, tall, Tall, WorkSharing.Alone, 16);
        foreach (int lanes in (int[])[16, 8, 1])
        {
            foreach (int threads in (int[])[1, 3])
            {
                float[] flat = [.. start.AsSpan(0, rows * Columns)];
                Multiply(a, aLayout with { Rows = rows }, b, flat, rows, new WorkSharing(threads), lanes);
                Draws.AssertSameBits([.. tall.AsSpan(0, rows * Columns)], flat, $"{rows} rows, {lanes} lanes, {threads} threads");
            }
        }
    }

    private static unsafe void Multiply(float[] a, MatrixLayout aLayout, float[] b, float[] c, int rows, WorkSharing work, int lanes)
    {
        fixed (float* aStart = a, bStart = b, cStart = c)
        {
            MatrixArguments product = new(
                aStart, aLayout, bStart, new MatrixLayout(Depth, Columns), cStart, new MatrixLayout(rows, Columns), alpha: 0.7f, beta: -0.5f);
            Assert.Equal(rows < 200, product.IsFlat);
            MatrixProduct.Multiply(product, work, lanes);
        }
    }

    private static float[] Normal(int length, ulong stream)
    {
        CounterRandom random = new(8, stream);
        return [.. Enumerable.Range(0, length).Select(i => (float)random.Normal((ulong)i))];
    }
}
