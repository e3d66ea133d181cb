using Residuum.Optimizers;

namespace Residuum.Tests.Optimizers;

/// <summary>Which parameters are low-rank, and what the plan says of it.</summary>
public sealed class LowRankRuleTests
{
    [Theory]
    [InlineData("blocks.0.attention.query.weight", new[] { 64, 32 }, "", "low-rank, rank 16, basis right")]
    [InlineData("w", new[] { 32, 64 }, "", "low-rank, rank 16, basis left")]
    [InlineData("w", new[] { 32, 64 }, "projectionSide=reverse", "low-rank, rank 16, basis right")]
    [InlineData("w", new[] { 32, 32 }, "", "low-rank, rank 16, basis left")]
    [InlineData("w", new[] { 32 }, "", "dense: no matrix")]
    [InlineData("w", new int[0], "", "dense: no matrix")]
    [InlineData("w", new[] { 8, 64 }, "", "dense: rank 16 is more than the side of 8")]
    [InlineData("w", new[] { 0, 64 }, "", "dense: no entries")]
    [InlineData("w", new[] { 32, 64 }, "minLowRankSize=2049", "dense: fewer than 2049 entries")]
    [InlineData("w", new[] { 32, 64 }, "minLowRankSize=2048", "low-rank, rank 16, basis left")]
    [InlineData("w", new[] { 32, 4, 4, 4 }, "", "dense: more than two dimensions, flatten is false")]
    [InlineData("w", new[] { 32, 4, 4, 4 }, "flatten=true", "low-rank, rank 16, basis left")]
    [InlineData("model.embed_tokens.weight", new[] { 64, 32 }, "", "dense: name in denseNames")]
    [InlineData("lm_head.weight", new[] { 64, 32 }, "", "dense: name in denseNames")]
    [InlineData("head.weight", new[] { 64, 32 }, "denseNames=none", "low-rank, rank 16, basis right")]
    [InlineData("multihead.weight", new[] { 64, 32 }, "", "low-rank, rank 16, basis right")]
    [InlineData("layers.0.mlp.up", new[] { 64, 32 }, "lowRankNames=*attn*|mlp", "low-rank, rank 16, basis right")]
    [InlineData("layers.0.norm", new[] { 64, 32 }, "lowRankNames=*attn*|mlp", "dense: name not in lowRankNames")]
    [InlineData("w", new[] { 32, 64 }, "lowRank=false", "dense: lowRank is false")]
    [InlineData("embedding", new[] { 32, 64 }, "lowRank=true", "low-rank, rank 16, basis left")]
    public void The_plan_says_how_a_parameter_is_treated_and_why(string name, int[] shape, string options, string treatment) =>
        Assert.Equal(treatment, Plan("ldadam", name, shape, options).Treatment);

    /// <summary>Page of LDAdam, section 10, 5: for a square matrix from r = 2n/3 on.</summary>
    [Theory]
    [InlineData(30, 30, 19, false)]
    [InlineData(30, 30, 20, true)]
    [InlineData(30, 60, 23, false)]
    [InlineData(30, 60, 24, true)]
    [InlineData(60, 30, 24, true)]
    public void A_rank_that_saves_nothing_is_warned_of(int rows, int columns, int rank, bool warned)
    {
        foreach (string method in (string[])["ldadam", "galore"])
        {
            PlannedTreatment planned = Plan(method, "w", [rows, columns], $"rank={rank}");
            Assert.StartsWith("low-rank", planned.Treatment, StringComparison.Ordinal);
            Assert.Equal(warned, planned.Warning is not null);
        }
    }

    [Theory]
    [InlineData(new[] { 32 }, "no matrix")]
    [InlineData(new[] { 8, 64 }, "rank 16 is more than the side of 8")]
    [InlineData(new[] { 32, 4, 4 }, "flatten")]
    public void What_must_be_low_rank_and_cannot_be_is_refused(int[] shape, string reason)
    {
        ArgumentException refused = Assert.Throws<ArgumentException>(() => Plan("ldadam", "blocks.w", shape, "lowRank=true"));
        Assert.Contains("blocks.w", refused.Message, StringComparison.Ordinal);
        Assert.Contains(reason, refused.Message, StringComparison.Ordinal);
    }

    private static PlannedTreatment Plan(string method, string name, int[] shape, string options) => OptimizerCatalog.Get(method).Plan(
        [
            new ShapedGroup(
                [new ShapedParameter(name, shape)],
                [.. options.Split(';', StringSplitOptions.RemoveEmptyEntries).Select(option => new KeyValuePair<string, string>(option.Split('=')[0], option.Split('=')[1]))]),
        ],
        threads: 1).Treatments.Single();
}
