using Residuum.Numerics;

namespace Residuum.Tests.Numerics;

public sealed class ReductionsTests
{
    public static TheoryData<int> Lengths()
    {
        TheoryData<int> lengths = [];
        for (int length = 0; length <= 257; length++)
        {
            lengths.Add(length);
        }

        foreach (int length in (int[])[4095, 4096, 4097, 8191, 8192, 100_003])
        {
            lengths.Add(length);
        }

        return lengths;
    }

    [Theory]
    [MemberData(nameof(Lengths))]
    public void AgreesWithDoubleAndEveryWidthGivesTheSameBits(int length)
    {
        using GuardedMemory x = GuardedMemory.Of(Draws.Normal(length, 31));
        using GuardedMemory y = GuardedMemory.Of(Draws.Normal(length, 32));
        double sum = 0, magnitude = 0, squares = 0, dot = 0, dotMagnitude = 0;
        float max = float.NegativeInfinity;
        for (int i = 0; i < length; i++)
        {
            sum += x.Span[i];
            magnitude += Math.Abs(x.Span[i]);
            squares += (double)x.Span[i] * x.Span[i];
            dot += (double)x.Span[i] * y.Span[i];
            dotMagnitude += Math.Abs((double)x.Span[i] * y.Span[i]);
            max = Math.Max(max, x.Span[i]);
        }

        // A block of 4,096 makes 256 + 4 roundings per accumulator, each at most 2^-24 of a partial sum of magnitudes.
        const double bound = 260 * 6e-8;
        foreach (int lanes in (int[])[16, 8, 1])
        {
            Assert.InRange(Reductions.Sum(x.Span, lanes), sum - bound * magnitude, sum + bound * magnitude);
            Assert.InRange(Reductions.SumOfMagnitudes(x.Span, lanes), magnitude - bound * magnitude, magnitude + bound * magnitude);
            Assert.InRange(Reductions.SumOfSquares(x.Span, lanes), squares - bound * squares, squares + bound * squares);
            Assert.InRange(Reductions.Dot(x.Span, y.Span, lanes), dot - bound * dotMagnitude, dot + bound * dotMagnitude);
            Assert.Equal(max, Reductions.Max(x.Span, lanes));
            Assert.Equal(Reductions.Sum(x.Span, 1), Reductions.Sum(x.Span, lanes));
            Assert.Equal(Reductions.SumOfMagnitudes(x.Span, 1), Reductions.SumOfMagnitudes(x.Span, lanes));
            Assert.Equal(Reductions.SumOfSquares(x.Span, 1), Reductions.SumOfSquares(x.Span, lanes));
            Assert.Equal(Reductions.Dot(x.Span, y.Span, 1), Reductions.Dot(x.Span, y.Span, lanes));
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(5)]
    [InlineData(16)]
    [InlineData(99)]
    public void NotANumberIsNeverLost(int at)
    {
        float[] x = Draws.Normal(100, 1);
        x[at] = float.NaN;
        foreach (int lanes in (int[])[16, 8, 1])
        {
            Assert.True(float.IsNaN(Reductions.Max(x, lanes)));
            Assert.True(double.IsNaN(Reductions.Sum(x, lanes)));
            Assert.True(double.IsNaN(Reductions.SumOfMagnitudes(x, lanes)));
            Assert.True(double.IsNaN(Reductions.SumOfSquares(x, lanes)));
            Assert.True(double.IsNaN(Reductions.Dot(x, x, lanes)));
        }
    }

    [Fact]
    public void InfinitiesAndDenormalsAreKept()
    {
        float[] x = new float[40];
        x.AsSpan().Fill(float.Epsilon);
        foreach (int lanes in (int[])[16, 8, 1])
        {
            Assert.Equal(40.0 * float.Epsilon, Reductions.Sum(x, lanes));
            Assert.Equal(float.Epsilon, Reductions.Max(x, lanes));
        }

        x[33] = float.PositiveInfinity;
        Assert.Equal(double.PositiveInfinity, Reductions.Sum(x));
        Assert.Equal(float.PositiveInfinity, Reductions.Max(x));
        Assert.Equal(float.NegativeInfinity, Reductions.Max([]));
    }

    [Fact]
    public void RefusesDifferentLengths() => Assert.Throws<ArgumentException>(() => Reductions.Dot(new float[3], new float[4]));
}
