namespace Residuum.Distributed.Tests.Exchange;

public sealed class ExchangeOptionsTests
{
    /// <summary>What the page lists for every exchange may be written down even where it says nothing new.</summary>
    [Theory]
    [InlineData("efsgd", "order=localStep")]
    [InlineData("efsgd", "order=aggregateThenOptimize")]
    [InlineData("conef", "order=aggregateThenOptimize;sketchDepth=1;sketchStorage=float32")]
    [InlineData("iconef", "order=aggregateThenOptimize;sketchDepth=1;sketchStorage=float32")]
    [InlineData("iconef", "errorMemory=projectionSketch;sketchSize=0.3;beta=0.5;errorBlock=64;seed=7;compressor=topK;ratio=0.05")]
    [InlineData("conef", "compressor=powerSgd;rank=2;minCompressionRate=1;orthogonalizationEpsilon=1e-8;warmStart=false;startCompressionStep=10;scaled=false")]
    public void Options_of_the_page_are_taken(string name, string options) => Assert.Equal(name, Ranks.Options(name, options).Name);

    [Theory]
    [InlineData("conef", "order=localStep", "order is localStep, which only efsgd has")]
    [InlineData("iconef", "order=localStep", "order is localStep, which only efsgd has")]
    [InlineData("iconef", "sketchDepth=3", "sketchDepth is 3, which only conef has")]
    [InlineData("iconef", "sketchStorage=float16", "sketchStorage is float16, which only conef has")]
    [InlineData("iconef", "errorMemory=countSketch", "must be one of float32, float16")]
    [InlineData("iconef", "errorMemory=topK", "errorDensity")]
    [InlineData("conef", "sketchDepth=2", "must be 1 or 3")]
    [InlineData("conef", "beta=1", "beta")]
    [InlineData("conef", "compressor=signSum", "must be one of none, randomBlock")]
    [InlineData("efsgd", "ratio=0", "ratio")]
    [InlineData("efsgd", "scaled=true", "errorFeedback=false")]
    public void Others_are_refused_in_a_sentence(string name, string options, string sentence) =>
        Assert.Contains(sentence, Assert.ThrowsAny<ArgumentException>(() => Ranks.Options(name, options)).Message, StringComparison.Ordinal);
}
