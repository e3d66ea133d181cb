namespace Residuum.Numerics;

/// <summary>Random numbers as a function of (seed, stream, index): Philox 4x32 with ten rounds.</summary>
/// <remarks>
/// Nothing is remembered between calls, so any thread may ask for any index in any order, and a resumed run needs only the index.
/// Give each use (initial weights of one tensor, dropout of one layer, order of one epoch) its own stream.
/// </remarks>
/// <param name="seed">The run's seed.</param>
/// <param name="stream">Which sequence of that seed.</param>
public readonly struct CounterRandom(ulong seed, ulong stream)
{
    private const uint Multiplier0 = 0xD2511F53;
    private const uint Multiplier1 = 0xCD9E8D57;
    private const uint Weyl0 = 0x9E3779B9;
    private const uint Weyl1 = 0xBB67AE85;

    /// <summary>64 random bits.</summary>
    /// <param name="index">The position in the stream.</param>
    public ulong Bits(ulong index)
    {
        uint c0 = (uint)index;
        uint c1 = (uint)(index >> 32);
        uint c2 = (uint)stream;
        uint c3 = (uint)(stream >> 32);
        uint k0 = (uint)seed;
        uint k1 = (uint)(seed >> 32);
        for (int round = 0; round < 10; round++)
        {
            ulong p0 = (ulong)Multiplier0 * c0;
            ulong p1 = (ulong)Multiplier1 * c2;
            (c0, c1, c2, c3) = ((uint)(p1 >> 32) ^ c1 ^ k0, (uint)p1, (uint)(p0 >> 32) ^ c3 ^ k1, (uint)p0);
            k0 += Weyl0;
            k1 += Weyl1;
        }

        return ((ulong)c1 << 32) | c0;
    }

    /// <summary>A number of the uniform distribution on [0, 1), with 53 random bits.</summary>
    /// <param name="index">The position in the stream.</param>
    public double Uniform(ulong index) => (Bits(index) >> 11) * (1.0 / (1UL << 53));

    /// <summary>A number of the standard normal distribution (Box and Muller's cosine branch).</summary>
    /// <param name="index">The position in the stream.</param>
    public double Normal(ulong index)
    {
        (double radius, double angle) = Polar(index);
        return radius * Math.Cos(angle);
    }

    /// <summary>Two independent numbers of the standard normal distribution, in little more time than one.</summary>
    /// <param name="index">The position in the stream.</param>
    internal (double First, double Second) NormalPair(ulong index)
    {
        (double radius, double angle) = Polar(index);
        (double sine, double cosine) = Math.SinCos(angle);
        return (radius * cosine, radius * sine);
    }

    /// <summary>A whole number of the uniform distribution on 0 to <paramref name="bound"/> - 1.</summary>
    /// <param name="index">The position in the stream.</param>
    /// <param name="bound">At least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="bound"/> is less than 1.</exception>
    public int Below(ulong index, int bound)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(bound, 1);
        // The high half of a 64 x 32 bit product; the bias is below 2^-32.
        return (int)Math.BigMul(Bits(index), (ulong)bound, out _);
    }

    /// <summary>A random order of 0 to <paramref name="length"/> - 1 (Fisher and Yates), a function of (seed, stream) alone.</summary>
    /// <param name="length">How many numbers.</param>
    public int[] Permutation(int length)
    {
        int[] order = new int[length];
        for (int i = 0; i < length; i++)
        {
            order[i] = i;
        }

        for (int i = length - 1; i > 0; i--)
        {
            int j = Below((ulong)i, i + 1);
            (order[i], order[j]) = (order[j], order[i]);
        }

        return order;
    }

    private (double Radius, double Angle) Polar(ulong index)
    {
        ulong bits = Bits(index);
        // (0, 1] for the logarithm, [0, 1) for the angle: 32 bits each.
        double uniform = ((bits >> 32) + 1) * (1.0 / (1UL << 32));
        double turn = (uint)bits * (1.0 / (1UL << 32));
        return (Math.Sqrt(-2 * Math.Log(uniform)), 2 * Math.PI * turn);
    }
}
