using Residuum.Numerics;

namespace Residuum.Tests.Numerics;

public sealed class DoubleProductsTests
{
    /// <summary>Against decimal sums, at every length around the register widths.</summary>
    [Fact]
    public void Products_of_float32_are_exact_to_the_rounding_of_double()
    {
        for (int length = 0; length < 70; length++)
        {
            float[] x = Draws.Normal(length, stream: 1);
            float[] y = Draws.Normal(length, stream: 2);
            decimal exact = 0;
            for (int i = 0; i < length; i++)
            {
                exact += (decimal)(double)x[i] * (decimal)(double)y[i];
            }

            double[] wide = new double[length];
            DoubleProducts.Widen(y, wide);
            Assert.Equal((double)exact, DoubleProducts.Dot(x, y), 1e-14 * (length + 1));
            Assert.Equal(DoubleProducts.Dot(x, y), DoubleProducts.Dot(x, wide));
        }
    }

    [Fact]
    public void Rows_are_added_with_their_weights()
    {
        foreach (int length in (int[])[0, 1, 3, 4, 5, 31, 64])
        {
            foreach (int rows in (int[])[0, 1, 3, 4, 5, 9])
            {
                float[] matrix = Draws.Normal(length * rows, stream: 3);
                double[] weights = [.. Draws.Normal(rows, stream: 4).Select(x => (double)x)];
                double[] sum = [.. Draws.Normal(length, stream: 5).Select(x => (double)x)];
                double[] expected = [.. sum];
                for (int row = 0; row < rows; row++)
                {
                    for (int i = 0; i < length; i++)
                    {
                        expected[i] = Math.FusedMultiplyAdd(weights[row], matrix[(row * length) + i], expected[i]);
                    }
                }

                DoubleProducts.AddRows(sum, weights, matrix);
                Assert.Equal(expected, sum);
            }
        }
    }

    [Fact]
    public void Rounding_is_that_of_a_cast()
    {
        double[] x = [.. Enumerable.Range(0, 37).Select(i => Math.Sqrt(i + 0.1) * (i % 2 == 0 ? 1 : -1e-20)), double.MaxValue, 1e-50];
        float[] rounded = new float[x.Length];
        DoubleProducts.Round(x, rounded);
        Assert.Equal(x.Select(value => (float)value), rounded);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(15)]
    [InlineData(16)]
    [InlineData(41)]
    public void A_sparse_row_multiplies_and_adds_as_its_dense_form(int entries)
    {
        int[] wide = [.. Enumerable.Range(0, entries).Select(i => (3 * i) + 1)];
        ushort[] narrow = [.. wide.Select(index => (ushort)index)];
        float[] values = Draws.Normal(entries, stream: 6);
        ushort[] patterns = [.. values.Select(BFloat16.ToBits)];
        float[] dense = Draws.Normal(200, stream: 7);
        double expected = wide.Zip(values).Sum(entry => (double)entry.Second * dense[entry.First]);
        double rounded = wide.Zip(patterns).Sum(entry => (double)BFloat16.ToSingle(entry.Second) * dense[entry.First]);
        Assert.Equal(expected, SparseProducts.Dot<int, float, StoredFloat32>(wide, values, dense), 1e-13);
        Assert.Equal(rounded, SparseProducts.Dot<ushort, ushort, StoredBFloat16>(narrow, patterns, dense), 1e-13);

        double[] sum = new double[200];
        SparseProducts.Add<int, float, StoredFloat32>(-2, wide, values, sum, origin: 1);
        Assert.Equal(values.Select(value => -2.0 * value), wide.Select(index => sum[index - 1]));
        Assert.Equal(values.Count(value => value != 0), sum.Count(value => value != 0));
    }

    [Fact]
    public void An_index_outside_is_refused()
    {
        Assert.Throws<IndexOutOfRangeException>(() => SparseProducts.Dot<ushort, float, StoredFloat32>([9], [1], new float[9]));
        Assert.Throws<IndexOutOfRangeException>(() => SparseProducts.Add<int, float, StoredFloat32>(1, [4], [1], new double[9], origin: 5));
    }
}
