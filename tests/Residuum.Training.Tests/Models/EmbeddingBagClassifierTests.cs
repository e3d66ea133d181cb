using Residuum.Training.Models;

namespace Residuum.Training.Tests.Models;

public sealed class EmbeddingBagClassifierTests
{
    [Fact]
    public void It_has_the_size_and_the_start_of_the_reference()
    {
        // data/README.md, reference results (c): 31,137 words and one id for all others, width 64, 45 classes.
        EmbeddingBagClassifier model = new(seed: 1, vocabulary: 31_138, width: 64, classes: 45);
        Assert.Equal(1_995_757, model.ParameterCount);

        float[] head = model.Parameters[1].Values.ToArray();
        Assert.All(head, value => Assert.InRange(value, -0.125f, 0.125f));
        Assert.True(head.Max() > 0.12f && head.Min() < -0.12f);

        // Two million draws: the deviation's own relative error is 0.05 %.
        double variance = model.Parameters[0].Values.ToArray().Average(value => (double)value * value);
        Assert.InRange(Math.Sqrt(variance), 0.997, 1.003);
    }
}
