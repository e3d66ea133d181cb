using Residuum.Numerics;

namespace Residuum.Cli.Bench;

/// <summary>Normal numbers whose scale differs from stretch to stretch, as those of layers do.</summary>
/// <param name="length">As many numbers as all tensors have.</param>
internal sealed class NormalGradients(int length) : IGradientSource
{
    private readonly float[] _pool = Pool(length);
    private int _draws;

    /// <inheritdoc/>
    public void Draw(Span<float> gradients)
    {
        int offset = new CounterRandom(seed: 1, stream: 1).Below((ulong)_draws++, _pool.Length - gradients.Length + 1);
        _pool.AsSpan(offset, gradients.Length).CopyTo(gradients);
    }

    private static float[] Pool(int length)
    {
        float[] pool = new float[length + 1_000_003];
        CounterRandom random = new(seed: 1, stream: 0);
        int period = Math.Min(pool.Length, 1 << 20);
        for (int i = 0; i < period; i++)
        {
            pool[i] = (float)random.Normal((ulong)i);
        }

        for (int i = period; i < pool.Length; i++)
        {
            pool[i] = pool[i - period] * ((i >> 16) % 3 == 0 ? 1.25f : 0.9f);
        }

        return pool;
    }
}
