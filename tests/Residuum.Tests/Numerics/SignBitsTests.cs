using Residuum.Numerics;

namespace Residuum.Tests.Numerics;

public sealed class SignBitsTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(8)]
    [InlineData(13)]
    [InlineData(1024)]
    [InlineData(1031)]
    public void Signs_come_back(int length)
    {
        CounterRandom random = new(seed: 3, stream: 0);
        float[] values = [.. Enumerable.Range(0, length).Select(i => (i % 5) switch { 0 => 0f, 1 => -0f, _ => (float)random.Normal((ulong)i) })];
        byte[] bits = new byte[SignBits.BytesOf(length)];
        bits.AsSpan().Fill(0xFF);
        SignBits.Pack(values, bits);
        float[] target = [.. Enumerable.Range(0, length).Select(i => (float)i)];
        SignBits.Add(bits, 0.5f, target);
        Assert.Equal(Enumerable.Range(0, length).Select(i => i + (values[i] >= 0 ? 0.5f : -0.5f)), target);

        // What is beyond the last entry is 0, so that equal signs are equal bytes.
        Assert.True(length % 8 == 0 || bits[^1] >> (length % 8) == 0);
    }

    [Fact]
    public void A_message_of_another_length_is_refused()
    {
        Assert.Throws<ArgumentException>(() => SignBits.Pack(new float[9], new byte[1]));
        Assert.Throws<ArgumentException>(() => SignBits.Add(new byte[3], 1, new float[9]));
    }
}
