using Residuum.Numerics;
using Residuum.Training.Differentiation;
using Residuum.Training.Models;

namespace Residuum.Training.Tests.Models;

public sealed class TransformerClassifierTests
{
    private static readonly DecoderTransformerOptions Size = new() { Vocabulary = 20, Context = 6, Width = 8, Layers = 2, Heads = 2 };

    [Fact]
    public void The_other_texts_of_a_batch_change_nothing()
    {
        TransformerClassifier model = new(Size, classes: 3, seed: 1);
        float[] together = Logits(model, [[1, 2, 3], [], [4], [5, 6, 7, 8, 9, 10]]);
        Assert.Equal(Logits(model, [[1, 2, 3]]), together[..3], Near);
        Assert.Equal(Logits(model, [[]]), together[3..6], Near);
        Assert.Equal(Logits(model, [[4]]), together[6..9], Near);
        Assert.Equal(Logits(model, [[5, 6, 7, 8, 9, 10]]), together[9..], Near);
    }

    [Fact]
    public void The_first_words_of_a_long_text_count_and_their_order_does()
    {
        TransformerClassifier model = new(Size, classes: 3, seed: 1);
        float[] first = Logits(model, [[1, 2, 3, 4, 5, 6]]);
        Assert.Equal(first, Logits(model, [[1, 2, 3, 4, 5, 6, 7, 8]]), Near);
        Assert.NotEqual(first, Logits(model, [[2, 1, 3, 4, 5, 6]]), Near);
    }

    [Fact]
    public void Words_that_no_text_has_get_no_gradient()
    {
        TransformerClassifier model = new(Size, classes: 3, seed: 1);
        Tape tape = new(WorkSharing.Alone);
        model.ResetGradients();
        tape.Begin(step: 0, training: true);
        Tensor loss = CrossEntropyOperation.Apply(tape, model.Forward(tape, new[] { 3, 7, 7 }, new[] { 0, 1, 3 }), new[] { 0, 2 });
        tape.Backward(loss);
        float[] gradient = model.Parameters.Single(parameter => parameter.Name == "embedding.weight").Gradient.ToArray();
        for (int word = 0; word < 20; word++)
        {
            Assert.Equal(word is 3 or 7, gradient.AsSpan(8 * word, 8).ContainsAnyExcept(0f));
        }
    }

    private static bool Near(float a, float b) => Math.Abs(a - b) < 1e-6f;

    private static float[] Logits(TransformerClassifier model, int[][] texts)
    {
        Tape tape = new(WorkSharing.Alone);
        tape.Begin(step: 0, training: false);
        int[] offsets = [0, .. texts.Select((_, i) => texts.Take(i + 1).Sum(text => text.Length))];
        return model.Forward(tape, texts.SelectMany(text => text).ToArray(), offsets).Values.ToArray();
    }
}
