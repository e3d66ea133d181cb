using Residuum.Training.Models;

namespace Residuum.Training.Tests.Models;

public sealed class TokenSamplerTests
{
    private static readonly float[] Logits = [-1, 2, 0, 2, -3, 1];

    [Fact]
    public void Temperature_zero_takes_the_largest_logit_and_of_equal_ones_the_lower_id()
    {
        for (ulong seed = 0; seed < 20; seed++)
        {
            Assert.Equal(1, new TokenSampler(0, topK: null, seed).Choose(Logits, position: (long)seed));
        }
    }

    [Theory]
    [InlineData(1.0, null)]
    [InlineData(0.5, null)]
    [InlineData(2.0, 3)]
    [InlineData(1.0, 1)]
    [InlineData(1.0, 2)]
    [InlineData(1.0, 99)]
    public void Frequencies_are_those_of_the_softmax_of_the_largest(double temperature, int? topK)
    {
        const int Draws = 20_000;
        TokenSampler sampler = new(temperature, topK, seed: 5);
        double[] expected = new double[Logits.Length];
        IEnumerable<int> likeliest = Enumerable.Range(0, Logits.Length).OrderByDescending(i => Logits[i]).ThenBy(i => i);
        foreach (int token in likeliest.Take(topK ?? int.MaxValue))
        {
            expected[token] = Math.Exp(Logits[token] / temperature);
        }

        double sum = expected.Sum();
        int[] seen = new int[Logits.Length];
        for (int i = 0; i < Draws; i++)
        {
            seen[sampler.Choose(Logits, i)]++;
        }

        for (int token = 0; token < Logits.Length; token++)
        {
            // Four standard deviations of a share.
            double share = expected[token] / sum;
            Assert.Equal(share, (double)seen[token] / Draws, 4 * Math.Sqrt(share * (1 - share) / Draws) + 1e-12);
        }
    }

    [Fact]
    public void A_choice_depends_on_seed_and_position_alone()
    {
        TokenSampler one = new(1, null, seed: 3);
        int[] forward = [.. Enumerable.Range(0, 50).Select(i => one.Choose(Logits, i))];
        TokenSampler other = new(1, null, seed: 3);
        int[] backward = [.. Enumerable.Range(0, 50).Reverse().Select(i => other.Choose(Logits, i)).Reverse()];
        Assert.Equal(forward, backward);
        TokenSampler another = new(1, null, seed: 4);
        Assert.NotEqual(forward, Enumerable.Range(0, 50).Select(i => another.Choose(Logits, i)));
    }

    [Theory]
    [InlineData(-1.0, null)]
    [InlineData(double.NaN, null)]
    [InlineData(double.PositiveInfinity, null)]
    [InlineData(1.0, 0)]
    public void Numbers_out_of_range_are_refused(double temperature, int? topK) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new TokenSampler(temperature, topK, seed: 0));

    [Fact]
    public void A_logit_that_is_not_finite_is_refused()
    {
        TokenSampler sampler = new(1, topK: null, seed: 0);
        ArgumentException exception = Assert.Throws<ArgumentException>(() => sampler.Choose([0, float.NaN], 0));
        Assert.Contains("token 1 is NaN", exception.Message, StringComparison.Ordinal);
    }
}
