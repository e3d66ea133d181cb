using Residuum.Numerics;

namespace Residuum.Tests.Numerics;

/// <summary>Random test data, the same in every run.</summary>
internal static class Draws
{
    public static float[] Normal(int length, ulong stream, double scale = 1)
    {
        CounterRandom random = new(2026, stream);
        float[] values = new float[length];
        for (int i = 0; i < length; i++)
        {
            values[i] = (float)(scale * random.Normal((ulong)i));
        }

        return values;
    }

    /// <summary>Asserts that two results are the same bits.</summary>
    public static void AssertSameBits(ReadOnlySpan<float> expected, ReadOnlySpan<float> actual, string what)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (int i = 0; i < expected.Length; i++)
        {
            if (BitConverter.SingleToInt32Bits(expected[i]) != BitConverter.SingleToInt32Bits(actual[i]))
            {
                Assert.Fail($"{what}: element {i} is {actual[i]:R}, expected {expected[i]:R}");
            }
        }
    }
}
