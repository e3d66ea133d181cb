using Residuum.Numerics;

namespace Residuum.Tests.Numerics;

public sealed class CounterRandomTests
{
    /// <summary>The known answers published with Random123 for philox4x32 with ten rounds; the first two of the four words.</summary>
    [Theory]
    [InlineData(0x00000000u, 0x00000000u, 0x00000000u, 0x00000000u, 0x00000000u, 0x00000000u, 0x6627E8D5u, 0xE169C58Du)]
    [InlineData(0xFFFFFFFFu, 0xFFFFFFFFu, 0xFFFFFFFFu, 0xFFFFFFFFu, 0xFFFFFFFFu, 0xFFFFFFFFu, 0x408F276Du, 0x41C83B0Eu)]
    [InlineData(0x243F6A88u, 0x85A308D3u, 0x13198A2Eu, 0x03707344u, 0xA4093822u, 0x299F31D0u, 0xD16CFE09u, 0x94FDCCEBu)]
    public void KnownAnswers(uint c0, uint c1, uint c2, uint c3, uint k0, uint k1, uint r0, uint r1)
    {
        CounterRandom random = new(seed: ((ulong)k1 << 32) | k0, stream: ((ulong)c3 << 32) | c2);
        Assert.Equal(((ulong)r1 << 32) | r0, random.Bits(((ulong)c1 << 32) | c0));
    }

    [Fact]
    public void AnyOrderGivesTheSameNumbers()
    {
        CounterRandom random = new(3, 4);
        ulong[] forward = new ulong[1000];
        for (int i = 0; i < forward.Length; i++)
        {
            forward[i] = random.Bits((ulong)i);
        }

        CounterRandom again = new(3, 4);
        for (int i = forward.Length - 1; i >= 0; i--)
        {
            Assert.Equal(forward[i], again.Bits((ulong)i));
        }

        Assert.NotEqual(forward[0], new CounterRandom(4, 4).Bits(0));
        Assert.NotEqual(forward[0], new CounterRandom(3, 5).Bits(0));
    }

    [Fact]
    public void UniformAndNormalHaveTheirMoments()
    {
        CounterRandom random = new(1, 2);
        const int count = 200_000;
        double uniform = 0, uniformSquare = 0, normal = 0, normalSquare = 0, normalFourth = 0;
        for (ulong i = 0; i < count; i++)
        {
            double u = random.Uniform(i);
            Assert.InRange(u, 0, 1 - 1e-16);
            uniform += u;
            uniformSquare += u * u;
            double z = random.Normal(i);
            normal += z;
            normalSquare += z * z;
            normalFourth += z * z * z * z;
        }

        // Five standard deviations of each mean.
        Assert.InRange(uniform / count, 0.5 - 0.0033, 0.5 + 0.0033);
        Assert.InRange(uniformSquare / count, 1.0 / 3 - 0.0034, 1.0 / 3 + 0.0034);
        Assert.InRange(normal / count, -0.0112, 0.0112);
        Assert.InRange(normalSquare / count, 1 - 0.0159, 1 + 0.0159);
        Assert.InRange(normalFourth / count, 3 - 0.11, 3 + 0.11);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(7)]
    [InlineData(1000)]
    public void BelowCoversItsRangeAndPermutationIsOne(int bound)
    {
        CounterRandom random = new(9, 0);
        int[] counts = new int[bound];
        for (ulong i = 0; i < (ulong)bound * 100; i++)
        {
            counts[random.Below(i, bound)]++;
        }

        Assert.All(counts, count => Assert.InRange(count, 40, 160 + 100 * (bound == 1 ? 1 : 0)));
        int[] order = random.Permutation(bound);
        Array.Sort(order);
        for (int i = 0; i < bound; i++)
        {
            Assert.Equal(i, order[i]);
        }
    }

    [Fact]
    public void BelowRefusesAnEmptyRange() => Assert.Throws<ArgumentOutOfRangeException>(() => new CounterRandom(0, 0).Below(0, 0));
}
