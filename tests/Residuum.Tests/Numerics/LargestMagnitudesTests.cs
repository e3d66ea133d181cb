using Residuum.Numerics;

namespace Residuum.Tests.Numerics;

public sealed class LargestMagnitudesTests
{
    /// <summary>The same as sorting by magnitude, then by index; lengths around registers and masks, with many ties.</summary>
    [Theory]
    [InlineData(1, 1)]
    [InlineData(7, 3)]
    [InlineData(63, 63)]
    [InlineData(64, 1)]
    [InlineData(65, 64)]
    [InlineData(1000, 100)]
    [InlineData(4099, 17)]
    public void They_are_those_of_a_sort(int length, int k)
    {
        CounterRandom random = new(seed: 5, stream: (ulong)length);
        float[][] arrays =
        [
            [.. Enumerable.Range(0, length).Select(i => (float)random.Normal((ulong)i))],
            [.. Enumerable.Range(0, length).Select(i => MathF.Round((float)random.Normal((ulong)i)))],
            [.. Enumerable.Range(0, length).Select(i => i % 9 == 0 ? (float)random.Normal((ulong)i) * 1e-42f : -0f)],
            [.. Enumerable.Range(0, length).Select(i => i % 3 == 0 ? float.MaxValue : -float.MaxValue)],
            new float[length],
        ];
        foreach (float[] values in arrays)
        {
            int[] kept = new int[k];
            LargestMagnitudes.Select(values, kept);
            int[] expected = [.. Enumerable.Range(0, length).OrderByDescending(i => Math.Abs(values[i])).ThenBy(i => i).Take(k).Order()];
            Assert.Equal(expected, kept);
        }
    }

    [Fact]
    public void None_may_be_asked_for_and_more_than_there_are_may_not()
    {
        LargestMagnitudes.Select(new float[3], []);
        LargestMagnitudes.Select([], []);
        ArgumentException error = Assert.Throws<ArgumentException>(() => LargestMagnitudes.Select(new float[3], new int[4]));
        Assert.Contains("Cannot keep 4 of 3", error.Message, StringComparison.Ordinal);
    }
}
