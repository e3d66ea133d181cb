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
