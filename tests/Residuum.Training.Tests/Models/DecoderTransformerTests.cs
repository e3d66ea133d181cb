using Residuum.Numerics;
using Residuum.Training.Differentiation;
using Residuum.Training.Models;
using Residuum.Training.Tests.Differentiation;

namespace Residuum.Training.Tests.Models;

public sealed class DecoderTransformerTests
{
    private static readonly DecoderTransformerOptions Small =
        new() { Vocabulary = 11, Context = 8, Width = 8, Layers = 2, Heads = 2, HiddenWidth = 12 };

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void It_has_the_size_of_its_options(bool tied)
    {
        DecoderTransformer model = new(Small with { TiedHead = tied }, seed: 1);
        int block = (4 * 8 * 8) + (3 * 8 * 12) + (2 * 8);
        Assert.Equal(((tied ? 1 : 2) * 11 * 8) + (2 * block) + 8, model.ParameterCount);
        Assert.Contains("blocks.1.feedForward.down.weight", model.Parameters.Select(parameter => parameter.Name));
        Assert.Equal(model.Parameters.Count, model.Parameters.Select(parameter => parameter.Name).Distinct().Count());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Its_gradients_agree_with_central_differences(bool tied)
    {
        DecoderTransformer model = new(Small with { TiedHead = tied }, seed: 1);
        foreach (Parameter parameter in model.Parameters)
        {
            // Larger weights than the initial ones, so that every part of the model matters.
            float[] noise = GradientCheck.Normal(parameter.Length, stream: (ulong)parameter.Name.Length);
            for (int i = 0; i < parameter.Length; i++)
            {
                parameter.Values.Span[i] += 0.2f * noise[i];
            }
        }

        int[] tokens = [1, 2, 3, 10, 0, 5, 4, 4, 1, 2, 9, 8];
        int[] targets = [2, 3, 10, 4, 5, 1, 4, 1, 2, 9, 8, 7];

        // Normalization bends strongly where a row is small, as embeddings of 0.2 are: a smaller step than the default.
        GradientCheck.Verify(t => CrossEntropyOperation.Apply(t, model.Forward(t, tokens, 2, 6), targets), model.Parameters, h: 2e-3f);
    }

    [Fact]
    public void A_position_does_not_see_later_tokens()
    {
        DecoderTransformer model = new(Small, seed: 1);
        Tape tape = new(new WorkSharing(1));
        float[] before = Logits(model, tape, [1, 2, 3, 4, 5]);
        float[] after = Logits(model, tape, [1, 2, 3, 9, 9]);
        Assert.Equal(before[..33], after[..33]);
        Assert.NotEqual(before[33..], after[33..]);
    }

    [Fact]
    public void A_session_gives_the_logits_of_the_whole_text()
    {
        DecoderTransformer model = new(Small, seed: 1);
        Tape tape = new(new WorkSharing(1));
        int[] text = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 0];
        GenerationSession session = new(model, new Tape(new WorkSharing(1)));
        ReadOnlySpan<float> next = session.Append(text.AsSpan(0, 3));
        AssertLast(Logits(model, tape, text[..3]), next);
        for (int i = 3; i < 8; i++)
        {
            next = session.Append(text[i]);
            AssertLast(Logits(model, tape, text[..(i + 1)]), next);
        }

        // The context of 8 is full: the next token stands behind the last 4.
        next = session.Append(text[8]);
        AssertLast(Logits(model, tape, text[4..9]), next);
    }

    [Fact]
    public void Options_out_of_range_are_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new DecoderTransformer(Small with { Width = 10 }, seed: 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new DecoderTransformer(Small with { Layers = 0 }, seed: 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new DecoderTransformer(Small with { Dropout = 1 }, seed: 1));
    }

    private static float[] Logits(DecoderTransformer model, Tape tape, int[] tokens)
    {
        tape.Begin(0, training: false);
        return model.Forward(tape, tokens, 1, tokens.Length).Values.ToArray();
    }

    /// <summary>Compares the last row of <paramref name="all"/>.</summary>
    private static void AssertLast(float[] all, ReadOnlySpan<float> actual)
    {
        ReadOnlySpan<float> expected = all.AsSpan(all.Length - actual.Length);
        for (int i = 0; i < expected.Length; i++)
        {
            // Sums over one row or many round differently; logits are of order 0.01 to 1.
            Assert.Equal(expected[i], actual[i], 1e-6f);
        }
    }
}
