using Residuum.Numerics;

namespace Residuum.Tests.Numerics;

public sealed class OuterProductsTests
{
    /// <summary>Every tile, at sizes below, at and beyond a tile and a panel, with a weight for several products.</summary>
    [Theory]
    [InlineData(1, 1, 1, 1)]
    [InlineData(3, 70, 5, 1)]
    [InlineData(64, 65, 64, 2)]
    [InlineData(129, 7, 130, 5)]
    public void Tiles_make_the_weighted_sum_rounded_once(int rows, int columns, int depth, int ofWeight)
    {
        float[] a = Draws.Normal(depth * rows, stream: 1);
        float[] b = Draws.Normal(depth * columns, stream: 2);
        double[] weights = [.. Draws.Normal(depth / ofWeight, stream: 3).Select(x => (double)x)];
        float[] c = Sum(weights, a, b, rows, columns);
        for (int i = 0; i < rows; i++)
        {
            for (int j = 0; j < columns; j++)
            {
                double expected = 0;
                for (int k = 0; k < depth; k++)
                {
                    expected += weights[k / ofWeight] * a[(k * rows) + i] * b[(k * columns) + j];
                }

                Assert.Equal(expected, c[(i * columns) + j], (1e-7 * Math.Abs(expected)) + 1e-12);
            }
        }
    }

    /// <summary>Weights of 1e8 that cancel leave the digits of what remains.</summary>
    [Fact]
    public void What_large_weights_leave_keeps_its_digits()
    {
        float[] same = Draws.Normal(6, stream: 4);
        float[] small = Draws.Normal(6, stream: 5);
        float[] other = Draws.Normal(5, stream: 6);
        float[] c = Sum([1e8, -1e8, 1], [.. same, .. same, .. small], [.. other, .. other, .. other], 6, 5);
        for (int i = 0; i < c.Length; i++)
        {
            double expected = (double)small[i / 5] * other[i % 5];
            Assert.Equal(expected, c[i], 1e-7);
        }
    }

    private static float[] Sum(double[] weights, float[] a, float[] b, int rows, int columns)
    {
        Scratch scratch = new(1, OuterProducts.ScratchBytes(rows, columns));
        scratch.FillWithGarbage();
        float[] c = new float[rows * columns];
        Array.Fill(c, float.NaN);
        for (int tile = 0; tile < OuterProducts.Tiles(rows, columns); tile++)
        {
            OuterProducts.Sum(tile, weights, a, b, rows, columns, c, scratch.Area(0));
        }

        return c;
    }
}
