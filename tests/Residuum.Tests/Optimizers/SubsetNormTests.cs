using FsCheck;
using FsCheck.Fluent;
using Residuum.Optimizers;
using Residuum.Preconditioning;

namespace Residuum.Tests.Optimizers;

/// <summary>Laws of Subset-Norm (methods page of the baselines, section 7).</summary>
public sealed class SubsetNormTests
{
    /// <summary>With each entry by itself and no epsilon it is Adam.</summary>
    [Fact]
    public void Subsets_of_one_are_Adam()
    {
        int[][] shapes = [[5, 7], [9], [2, 3, 4]];
        SubsetNormOptions options = new() { LearningRate = 0.01, Epsilon = 0, SubsetSize = SubsetSize.PerEntry };
        AdamWOptions adam = new() { LearningRate = 0.01, Epsilon = 0, WeightDecay = 0 };
        float[][] expected = Peers.Run(p => new AdamW(p, adam), 6, false, shapes);
        Peers.AssertClose(expected, Peers.Run(p => new SubsetNorm(p, options), 6, false, shapes), 1e-5);
        Assert.Equal(
            Peers.Run(p => new SubsetNorm(p, options), 6, false, shapes),
            Peers.Run(p => new SubsetNorm(p, options with { SubsetSize = SubsetSize.Of(1) }), 6, false, shapes));
    }

    /// <summary>The first step of AdaGrad without momentum moves every subset by the rate.</summary>
    [Fact]
    public void First_steps_have_the_rate_as_their_norm()
    {
        Gen<(float[] Gradient, int Size)> cases =
            from gradient in Gen.Choose(1, 1000).Select(n => n / 16f).ArrayOf(60)
            from size in Gen.Choose(1, 60)
            select (gradient, size);
        SubsetNormOptions options = new() { LearningRate = 0.5, Beta1 = 0, Beta2 = 1, BiasCorrection = false, Epsilon = 0 };
        Prop.ForAll(cases.ToArbitrary(), sample =>
        {
            float[] w = Peers.StepFromZero(p => new SubsetNorm(p, options with { SubsetSize = SubsetSize.Of(sample.Size) }), [60], sample.Gradient);
            int group = Enumerable.Range(1, sample.Size).Last(candidate => 60 % candidate == 0);
            return w.Chunk(group).All(part => Math.Abs(Math.Sqrt(part.Sum(x => (double)x * x)) - 0.5) < 1e-5);
        }).Check(Config.QuickThrowOnFailure);
    }

    [Fact]
    public void A_transposed_matrix_is_trained_alike()
    {
        int[][] shapes = [[7, 12], [130, 3], [3, 900], [1, 9]];
        SubsetNormOptions options = new() { LearningRate = 0.05, WeightDecay = 0.1 };
        Peers.AssertClose(
            Peers.Run(p => new SubsetNorm(p, options), 5, isTransposed: false, shapes),
            Peers.Run(p => new SubsetNorm(p, options), 5, isTransposed: true, shapes),
            1e-4);
    }

    [Theory]
    [InlineData("heuristic", new[] { 9, 5 }, 9)]
    [InlineData("heuristic", new[] { 4, 8 }, 8)]
    [InlineData("heuristic", new[] { 5, 5 }, 5)]
    [InlineData("heuristic", new[] { 6 }, 6)]
    [InlineData("heuristic", new[] { 2, 3, 4 }, 24)]
    [InlineData("heuristic", new int[0], 1)]
    [InlineData("null", new[] { 9, 5 }, 45)]
    [InlineData("7", new[] { 6, 10 }, 10)]
    [InlineData("8", new[] { 6, 10 }, 10)]
    [InlineData("60", new[] { 6, 10 }, 1)]
    [InlineData("-2", new[] { 8, 8 }, 16)]
    public void Subsets_are_those_of_the_page(string size, int[] shape, int count)
    {
        SubsetNormOptions options = new() { SubsetSize = SubsetSize.Parse(size)!.Value };
        Assert.Equal(count, SecondMoments("w", shape, options));
    }

    /// <summary>The heuristic is for matrices by the rule; other subsets are those of every tensor.</summary>
    [Theory]
    [InlineData("layers.0.weight", new[] { 9, 5 }, "", 9)]
    [InlineData("embedding", new[] { 9, 5 }, "", 45)]
    [InlineData("head.weight", new[] { 9, 5 }, "", 45)]
    [InlineData("head.weight", new[] { 9, 5 }, "denseNames=*embed*", 9)]
    [InlineData("embedding", new[] { 9, 5 }, "denseNames=", 9)]
    [InlineData("mlp.up", new[] { 9, 5 }, "lowRankNames=attn*", 45)]
    [InlineData("w", new[] { 9, 5 }, "minLowRankSize=46", 45)]
    [InlineData("w", new[] { 9, 5 }, "minLowRankSize=45", 9)]
    [InlineData("w", new[] { 3, 2, 4 }, "flatten=true", 8)]
    [InlineData("embedding", new[] { 9, 5 }, "subsetSize=5", 9)]
    public void The_rule_says_what_the_heuristic_is_for(string name, int[] shape, string option, int count)
    {
        KeyValuePair<string, string>[] given = option.Length == 0 ? [] : [KeyValuePair.Create(option.Split('=')[0], option.Split('=')[1])];
        Optimizer optimizer = OptimizerCatalog.Get("subset-norm").Create([new NamedGroup([new Parameter(name, shape)], given)]);
        Assert.Equal(count, optimizer.State.Single(field => field.Spec.Name == "v").Spec.Elements);
    }

    [Fact]
    public void What_has_no_meaning_is_refused()
    {
        Parameter[] parameters = [new("w", 5)];
        Assert.Equal("biasCorrection", Assert.Throws<ArgumentException>(() => new SubsetNorm(parameters, new SubsetNormOptions { Beta2 = 1 })).ParamName);
        Assert.Equal("subsetSize", Assert.Throws<ArgumentException>(() => new SubsetNorm(parameters, new SubsetNormOptions { SubsetSize = SubsetSize.Of(6) })).ParamName);
        Assert.Throws<ArgumentOutOfRangeException>(() => SubsetSize.Of(0));
        SubsetNorm plain = new(parameters, new SubsetNormOptions { Beta1 = 0 });
        Assert.Throws<ArgumentOutOfRangeException>(() => plain.Groups[0].TrySet("beta1", 0.5));
    }

    [Theory]
    [InlineData(new[] { 9, 5 }, "heuristic", "a second moment a row")]
    [InlineData(new[] { 4, 8 }, "heuristic", "a second moment a column")]
    [InlineData(new[] { 7 }, "heuristic", "a second moment an entry")]
    [InlineData(new[] { 6, 10 }, "8", "a second moment for 6 entries")]
    public void The_plan_says_who_shares(int[] shape, string size, string treatment)
    {
        KeyValuePair<string, string>[] options = [new("subsetSize", size)];
        MemoryPlan plan = OptimizerCatalog.Get("subset-norm").Plan([new ShapedGroup([new ShapedParameter("w", shape)], options)], threads: 1);
        Assert.Equal(treatment, plan.Treatments.Single().Treatment);
    }

    private static long SecondMoments(string name, int[] shape, SubsetNormOptions options) =>
        new SubsetNorm([new Parameter(name, shape)], options).State.Single(field => field.Spec.Name == "v").Spec.Elements;

    [Theory]
    [InlineData("many")]
    [InlineData("0")]
    [InlineData("1.5")]
    public void Text_that_is_no_subset_is_refused_with_what_would_be(string text)
    {
        ArgumentException refused = Assert.Throws<ArgumentException>(() => OptimizerCatalog.Get("subset-norm").Describe([new("subsetSize", text)]));
        Assert.Contains("heuristic, null, or a whole number other than 0", refused.Message, StringComparison.Ordinal);
    }
}
