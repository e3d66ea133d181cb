using FsCheck;
using FsCheck.Fluent;
using Residuum.ErrorMemory;
using Residuum.State;

namespace Residuum.Tests.ErrorMemory;

public sealed class FourBitErrorMemoryTests
{
    /// <summary>Page, section 14 (2): no entry is further off than half a step; with float32 ranges minimum and maximum are exact.</summary>
    [Fact]
    public void Every_entry_comes_back_within_half_a_step()
    {
        Gen<(float[] Values, int Bucket, RangeStorage Ranges)> cases =
            from length in Gen.Choose(1, 300)
            from rest in Gen.Choose(-1_000_000, 1_000_000).ArrayOf(length)
            from bucket in Gen.Elements(2, 6, 16, 64, 100_000)
            from ranges in Gen.Elements(RangeStorage.Float32, RangeStorage.Bfloat16)
            select (rest.Select(value => value / 4096f).ToArray(), bucket, ranges);
        Prop.ForAll(cases.ToArbitrary(), sample => IsWithinHalfAStep(sample.Values, sample.Bucket, sample.Ranges))
            .Check(Config.QuickThrowOnFailure.WithMaxTest(300));
    }

    [Theory]
    [InlineData(RangeStorage.Float32)]
    [InlineData(RangeStorage.Bfloat16)]
    public void A_zero_bucket_gives_zeros(RangeStorage ranges)
    {
        FourBitErrorMemory memory = new(100, 64, ranges, StateArena.Apart);
        memory.Update(Enumerable.Repeat(3f, 100).ToArray(), 0);
        memory.Update(new float[100], 0);
        Assert.All(Read(memory, 100), value => Assert.Equal(0, value));
    }

    [Fact]
    public void A_constant_bucket_is_exact_with_float32_ranges()
    {
        FourBitErrorMemory memory = new(100, 64, RangeStorage.Float32, StateArena.Apart);
        memory.Update(Enumerable.Repeat(-0.123f, 100).ToArray(), 0);
        Assert.All(Read(memory, 100), value => Assert.Equal(-0.123f, value));
    }

    /// <summary>A gradient of zeros stores the dequantized error again: its highest level must come back as the end of the range, not a bit above it.</summary>
    [Theory]
    [InlineData(-1f, 0.25f)]
    [InlineData(-5f, 0.03125f)]
    [InlineData(-0.125f, 0.1875f)]
    public void An_error_stored_again_keeps_its_bfloat16_range(float low, float high)
    {
        FourBitErrorMemory memory = new(64, 64, RangeStorage.Bfloat16, StateArena.Apart);
        memory.Update(Enumerable.Range(0, 64).Select(i => i == 0 ? low : i == 63 ? high : 0).ToArray(), 0);
        float[] before = Read(memory, 64);
        for (int i = 0; i < 10; i++)
        {
            memory.Update(Read(memory, 64), 0);
        }

        Assert.Equal(high, before[63]);
        Assert.Equal(before, Read(memory, 64));
    }

    /// <summary>Page, 5.2: zero lies halfway between levels 7 and 8 of [-x, x]; the quotient as float32 rounds it decides.</summary>
    [Fact]
    public void An_entry_between_two_levels_goes_where_the_page_says()
    {
        for (int i = 1; i <= 200; i++)
        {
            float x = i / 8f;
            float[] rest = [-x, x, .. new float[62]];
            FourBitErrorMemory memory = new(64, 64, RangeStorage.Float32, StateArena.Apart);
            memory.Update(rest, 0);
            float step = (x + x) / 15;
            float level = MathF.Floor((x / step) + 0.5f);
            Assert.All(Read(memory, 64)[2..], value => Assert.Equal((level * step) - x, value));
        }
    }

    [Fact]
    public void Numbers_near_the_largest_stay_finite()
    {
        FourBitErrorMemory memory = new(64, 64, RangeStorage.Bfloat16, StateArena.Apart);
        float[] rest = new float[64];
        rest[0] = 1.6e38f;
        rest[1] = -1.6e38f;
        memory.Update(rest, 0);
        Assert.All(Read(memory, 64), value => Assert.True(float.IsFinite(value)));
    }

    /// <summary>Page, section 14 (9).</summary>
    [Fact]
    public void Scaling_leaves_the_codes()
    {
        FourBitErrorMemory memory = new(64, 64, RangeStorage.Float32, StateArena.Apart);
        float[] rest = [.. Enumerable.Range(0, 64).Select(i => i - 20f)];
        memory.Update(rest, 0);
        float[] before = Read(memory, 64);
        memory.Scale(0.5f, 0, 64);
        Assert.Equal(before.Select(value => value * 0.5f), Read(memory, 64));
    }

    private static bool IsWithinHalfAStep(float[] rest, int bucket, RangeStorage ranges)
    {
        FourBitErrorMemory memory = new(rest.Length, bucket, ranges, StateArena.Apart);
        memory.Update(rest, 0);
        float[] back = Read(memory, rest.Length);
        for (int start = 0; start < rest.Length; start += bucket)
        {
            float[] values = rest[start..Math.Min(rest.Length, start + bucket)];
            float low = values.Min();
            float high = values.Max();
            // bfloat16 keeps 8 bits: rounding outward widens the range by at most 2^-7 of the larger end on each side.
            double slack = ranges == RangeStorage.Float32 ? 0 : Math.Max(MathF.Abs(low), MathF.Abs(high)) / 64;
            double half = ((high - low + slack) / 30 * 1.0001) + 1e-4;
            for (int i = 0; i < values.Length; i++)
            {
                bool isEnd = ranges == RangeStorage.Float32 && (values[i] == low || values[i] == high);
                if (Math.Abs(back[start + i] - values[i]) > (isEnd ? 1e-5 * (high - low) : half))
                {
                    return false;
                }
            }
        }

        return true;
    }

    private static float[] Read(FourBitErrorMemory memory, int length)
    {
        float[] error = new float[length];
        memory.Read(error, 0);
        return error;
    }
}
