using Residuum.Numerics;

namespace Residuum.Tests.Numerics;

public sealed class ScaledRowSquaresTests
{
    /// <summary>The bits of scaling first and summing then.</summary>
    [Theory]
    [InlineData(1, 16)]
    [InlineData(7, 32)]
    [InlineData(256, 16)]
    [InlineData(1, 4096)]
    public void They_are_those_of_the_scaled_rows(int rows, int columns)
    {
        float[] x = Draws.Normal(rows * columns, 1);
        float[] rowFactors = Draws.Normal(rows, 2);
        float[] columnFactors = Draws.Normal(columns, 3);
        float[] scaled = new float[x.Length];
        RowKernels.Scale(x, columns, rowFactors, columnFactors, scaled);
        Assert.True(ScaledRowSquares.Takes(x.Length, columns));
        Assert.Equal(Reductions.SumOfSquares(scaled), ScaledRowSquares.Sum(x, columns, rowFactors, columnFactors, []));
    }

    [Theory]
    [InlineData(4112, 16)]
    [InlineData(170, 17)]
    public void Others_are_left_to_others(int length, int columns) => Assert.False(ScaledRowSquares.Takes(length, columns));
}
