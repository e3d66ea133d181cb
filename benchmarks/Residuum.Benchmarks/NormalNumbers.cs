using Residuum.Numerics;

namespace Residuum.Benchmarks;

/// <summary>Normally distributed inputs, the same at every run.</summary>
internal static class NormalNumbers
{
    public static float[] Make(int length, ulong stream)
    {
        CounterRandom random = new(seed: 1, stream);
        float[] numbers = new float[length];
        for (int i = 0; i < length; i++)
        {
            numbers[i] = (float)random.Normal((ulong)i);
        }

        return numbers;
    }
}
