using FsCheck;
using FsCheck.Fluent;
using Residuum.Numerics;

namespace Residuum.Tests.Compression;

public sealed class TopKSelectionTests
{
    /// <summary>Against sorting, with few distinct values so that ties are common, for every guess.</summary>
    [Fact]
    public void Keeps_exactly_the_k_largest_and_of_ties_the_first()
    {
        Gen<(float[] Values, int K, float Guess)> cases =
            from length in Gen.Choose(1, 700)
            from levels in Gen.Elements(1, 3, 50, 1_000_000)
            from values in Gen.Choose(-levels, levels).ArrayOf(length)
            from k in Gen.Choose(1, length)
            from guess in Gen.Choose(-1, levels + 1)
            select (values.Select(value => value / 8f).ToArray(), k, guess / 8f);
        Prop.ForAll(cases.ToArbitrary(), sample => Select(sample.Values, sample.K, sample.Guess).SequenceEqual(Sorted(sample.Values, sample.K)))
            .Check(Config.QuickThrowOnFailure.WithMaxTest(400));
    }

    /// <summary>Blocks as rows of an embedding leave them: zeros, a few levels many times over, and numbers of very different size.</summary>
    [Fact]
    public void Keeps_the_k_largest_of_blocks_whose_guess_fails()
    {
        Gen<float> number =
            from octave in Gen.Choose(-149, 127)
            from part in Gen.Choose(0, 3)
            from sign in Gen.Elements(-1f, 1f)
            select sign * MathF.ScaleB(1 + (part / 4f), octave);
        Gen<(float[] Values, int K, float Guess)> cases =
            from length in Gen.Choose(300, 1500)
            from levels in number.ArrayOf(6)
            from zeros in Gen.Elements(0, 3, 30, 300)
            from places in Gen.Choose(0, levels.Length + zeros - 1).ArrayOf(length)
            from k in Gen.Choose(1, 30)
            from guess in Gen.OneOf(number, Gen.Elements(levels))
            select (places.Select(place => place < levels.Length ? levels[place] : 0).ToArray(), k, guess);
        Prop.ForAll(cases.ToArbitrary(), sample => Select(sample.Values, sample.K, sample.Guess).SequenceEqual(Sorted(sample.Values, sample.K)))
            .Check(Config.QuickThrowOnFailure.WithMaxTest(300));
    }

    [Fact]
    public void Patterns_that_are_not_numbers_count_as_larger_than_infinity()
    {
        float[] values = new float[400];
        values[5] = float.PositiveInfinity;
        values[300] = BitConverter.Int32BitsToSingle(-1);
        values[301] = BitConverter.Int32BitsToSingle(int.MaxValue);
        Assert.Equal(new ushort[] { 300 }, Select(values, 1, 1));
        Assert.Equal(new ushort[] { 5, 300, 301 }, Select(values, 3, 0));
    }

    [Fact]
    public void Infinities_denormals_and_zeros_are_ordered_by_magnitude()
    {
        float[] values = new float[200];
        values[7] = float.NegativeInfinity;
        values[9] = float.Epsilon;
        values[3] = -float.Epsilon;
        values[100] = 1e38f;
        Assert.Equal(new ushort[] { 3, 7, 9, 100 }, Select(values, 4, 0));
        Assert.Equal(new ushort[] { 0, 3, 7, 9, 100 }, Select(values, 5, 0));
    }

    [Theory]
    [InlineData(0, 10)]
    [InlineData(11, 10)]
    public void Refuses_an_impossible_k(int k, int length) => Assert.Throws<ArgumentException>(() => Select(new float[length], k, 0));

    private static ushort[] Select(float[] values, int k, float guess)
    {
        ushort[] kept = new ushort[k];
        TopKSelection.Select(values, k, guess, kept, new int[values.Length + TopKSelection.Slack], new int[values.Length]);
        return kept;
    }

    private static ushort[] Sorted(float[] values, int k) =>
        [.. Enumerable.Range(0, values.Length).OrderByDescending(i => MathF.Abs(values[i])).ThenBy(i => i).Take(k).Order().Select(i => (ushort)i)];
}
