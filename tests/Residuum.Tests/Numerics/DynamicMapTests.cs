using Residuum.Compression;
using Residuum.Numerics;

namespace Residuum.Tests.Numerics;

/// <summary>The dynamic 8-bit map (methods page of the baselines, section 4).</summary>
public sealed class DynamicMapTests
{
    public static TheoryData<bool> Maps => [true, false];

    [Fact]
    public void The_ends_of_the_tables_are_those_of_the_page()
    {
        ReadOnlySpan<float> signed = DynamicMap.Signed.Values;
        ReadOnlySpan<float> unsigned = DynamicMap.Unsigned.Values;
        Assert.Equal([-0.99296875f, 0, 5.5e-7f, 0.99296875f, 1], [signed[0], signed[127], signed[128], signed[254], signed[255]]);
        Assert.Equal([0, 3.25e-7f, 7.75e-7f, 0.996484375f, 1], [unsigned[0], unsigned[1], unsigned[2], unsigned[254], unsigned[255]]);
        Assert.Equal(0.0140625f, signed[254] - signed[253], 1e-7f);
        Assert.Equal(0.00703125f, unsigned[254] - unsigned[253], 1e-7f);
    }

    [Theory]
    [MemberData(nameof(Maps))]
    public void Entries_ascend_and_are_the_middles_of_equal_parts_of_each_decade(bool isSigned)
    {
        List<double> entries = [0, 1];
        for (int i = 0; i <= 6; i++)
        {
            int parts = isSigned ? 1 << i : 2 << i;
            for (int part = 0; part < parts; part++)
            {
                double low = 0.1 + (0.9 * part / parts);
                double high = 0.1 + (0.9 * (part + 1) / parts);
                double middle = (low + high) / 2 * Math.Pow(10, i - 6);
                entries.AddRange(isSigned ? [middle, -middle] : [middle]);
            }
        }

        entries.Sort();
        Assert.Equal(DynamicMap.Entries, entries.Count);
        Assert.Equal(entries.Select(entry => (float)entry), Map(isSigned).Values.ToArray());
    }

    /// <summary>Every entry, at every width.</summary>
    [Theory]
    [MemberData(nameof(Maps))]
    public void Codes_give_back_their_entries_exactly(bool isSigned)
    {
        byte[] codes = [.. Enumerable.Range(0, DynamicMap.Entries).Select(code => (byte)code)];
        float[] values = new float[codes.Length];
        DynamicMapBlocks.Dequantize(Map(isSigned), new EightBitBlocks(codes, [1], DynamicMap.Entries), values);
        Assert.Equal(Map(isSigned).Values.ToArray(), values);
        Assert.Equal(values, codes.Select(code => Decoded(isSigned, code)));
    }

    /// <summary>Around every place where the nearest entry changes, at random places and at special ones, against a search of the table in double.</summary>
    [Theory]
    [MemberData(nameof(Maps))]
    public void The_nearest_entry_is_found_for_every_number(bool isSigned)
    {
        List<float> numbers = [0, -0f, 1, float.Epsilon, 1e-40f, 1e-7f, 1.6e-7f];
        ReadOnlySpan<float> entries = Map(isSigned).Values;
        for (int i = 1; i < entries.Length; i++)
        {
            float middle = (float)(((double)entries[i - 1] + entries[i]) / 2);
            for (int ulps = -20; ulps <= 20; ulps++)
            {
                numbers.Add(BitConverter.Int32BitsToSingle(BitConverter.SingleToInt32Bits(middle) + ulps));
            }
        }

        CounterRandom random = new(seed: 8, stream: 0);
        for (int i = 0; i < 100_000; i++)
        {
            numbers.Add((float)random.Uniform((ulong)i));
            numbers.Add((float)Math.Pow(10, -9 * random.Uniform((ulong)(1_000_000 + i))));
        }

        float[] all = isSigned ? [-1, .. numbers, .. numbers.Select(x => -x)] : [.. numbers];
        byte[] codes = Encode(isSigned, all);
        for (int i = 0; i < all.Length; i++)
        {
            Assert.True(Nearest(entries, all[i]) == codes[i], $"{all[i]:R} has code {codes[i]}; the nearest entry is {Nearest(entries, all[i])}");
            Assert.Equal(codes[i], Map(isSigned).Nearest(all[i]));
        }
    }

    [Fact]
    public void What_is_not_a_number_counts_as_zero()
    {
        Assert.Equal(127, DynamicMap.Signed.Nearest(float.NaN));
        Assert.Equal(0, DynamicMap.Unsigned.Nearest(float.NaN));
        Assert.Equal(127, Encode(isSigned: true, [float.NaN])[0]);
        Assert.Equal(0, Encode(isSigned: false, [float.NaN])[0]);
    }

    /// <summary>Blocks, a shorter last one among them, keep each entry within half a step of the table, and zeros exactly.</summary>
    [Theory]
    [InlineData(256)]
    [InlineData(64)]
    [InlineData(24)]
    [InlineData(7)]
    public void Blocks_come_back_to_within_half_a_step(int blockSize)
    {
        float[] values = Draws.Normal(1000, 5);
        values.AsSpan(0, 3 * blockSize / 2).Clear();
        EightBitVector vector = new(values.Length, blockSize, DynamicMap.Signed);
        vector.Write(values, 0);
        float[] read = new float[values.Length];
        vector.Read(read, 0);
        for (int start = 0; start < values.Length; start += blockSize)
        {
            float[] block = values[start..Math.Min(start + blockSize, values.Length)];
            float absmax = block.Max(MathF.Abs);
            for (int i = 0; i < block.Length; i++)
            {
                Assert.True(Math.Abs(block[i] - read[start + i]) <= 0.00704f * absmax, $"entry {start + i}: {block[i]} came back as {read[start + i]}");
            }
        }
    }

    /// <summary>What has been quantized once is quantized to itself, as long as the block's largest is positive: the table has no -1.</summary>
    [Fact]
    public void Quantizing_again_changes_nothing()
    {
        float[] values = Draws.Normal(512, 6);
        values[100] = 9;
        values[300] = 9;
        EightBitVector vector = new(values.Length, 256, DynamicMap.Signed);
        float[] once = new float[values.Length];
        float[] twice = new float[values.Length];
        vector.Write(values, 0);
        vector.Read(once, 0);
        vector.Write(once, 0);
        vector.Read(twice, 0);
        Assert.Equal(once, twice);
    }

    private static DynamicMap Map(bool isSigned) => isSigned ? DynamicMap.Signed : DynamicMap.Unsigned;

    // A block whose largest magnitude is 1, so that nothing is scaled.
    private static byte[] Encode(bool isSigned, float[] numbers)
    {
        byte[] codes = new byte[numbers.Length + 1];
        DynamicMapBlocks.Quantize(Map(isSigned), [.. numbers, 1], new EightBitBlocks(codes, new float[1], 1 << 20));
        return codes[..^1];
    }

    // Half-way between two entries, the one farther from 0.
    private static int Nearest(ReadOnlySpan<float> entries, float x)
    {
        int nearest = 0;
        for (int i = 1; i < entries.Length; i++)
        {
            double better = Math.Abs((double)x - entries[nearest]) - Math.Abs((double)x - entries[i]);
            if (better > 0 || (better == 0 && x > 0))
            {
                nearest = i;
            }
        }

        return nearest;
    }

    private static float Decoded(bool isSigned, float code) => (isSigned
        ? new DynamicMapLanes<Lanes1, SignedMap>().Decode(Lanes1.All(code))
        : new DynamicMapLanes<Lanes1, UnsignedMap>().Decode(Lanes1.All(code))).MaxAcross();
}
