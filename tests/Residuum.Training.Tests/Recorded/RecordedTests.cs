using Residuum.Numerics;
using Residuum.Training.Differentiation;
using Residuum.Training.Models;
using Residuum.Training.Tests.Differentiation;

namespace Residuum.Training.Tests.Recorded;

/// <summary>Outputs and gradients against PyTorch's, as record.py recorded them in float64.</summary>
public sealed class RecordedTests
{
    // Some dozens of float32 roundings of 6e-8 each, relative to the largest entry.
    private const double Tolerance = 5e-6;

    [Fact]
    public void Linear() => Verify("linear", (t, c, x) => LinearOperation.Apply(t, x("x"), x("weight"), x("bias")));

    [Fact]
    public void Relu() => Verify("relu", (t, c, x) => ReluOperation.Apply(t, x("x")));

    [Fact]
    public void Tanh() => Verify("tanh", (t, c, x) => TanhOperation.Apply(t, x("x")));

    [Fact]
    public void Add() => Verify("add", (t, c, x) => AddOperation.Apply(t, x("x"), x("y")));

    [Theory]
    [InlineData("convolution")]
    [InlineData("convolution-stride2")]
    [InlineData("convolution-1x1-stride2")]
    public void Convolution(string name) =>
        Verify(name, (t, c, x) => ConvolutionOperation.Apply(t, x("x"), x("weight"), c.Integers("stride")[0], c.Integers("padding")[0]));

    [Fact]
    public void Batch_normalization_in_training_moves_the_running_statistics()
    {
        float[] mean = [0.5f, 0.5f, 0.5f];
        float[] variance = [2, 2, 2];
        RecordedCase recorded = Verify(
            "batch-norm", (t, c, x) => BatchNormOperation.Apply(t, x("x"), x("gamma"), x("beta"), mean, variance));
        AssertClose(recorded.Extra("runningMean"), mean, "runningMean");
        AssertClose(recorded.Extra("runningVariance"), variance, "runningVariance");
    }

    [Fact]
    public void Batch_normalization_in_evaluation_uses_the_running_statistics()
    {
        RecordedCase recorded = new("batch-norm-evaluation");
        Tape tape = new(new WorkSharing(1));
        tape.Begin(0, training: false);
        Tensor Use(string name) => tape.Use(recorded.Inputs[name]);
        Tensor y = BatchNormOperation.Apply(tape, Use("x"), Use("gamma"), Use("beta"), [0.5f, -1, 0], [2, 1, 0.5f]);
        AssertClose(recorded.Output, y.Values, "output");
    }

    [Fact]
    public void Batch_normalization_with_residual_and_rectifier() => Verify(
        "batch-norm-residual-relu",
        (t, c, x) => BatchNormOperation.Apply(t, x("x"), x("gamma"), x("beta"), new float[3], new float[3], x("residual"), rectify: true));

    [Fact]
    public void Global_average_pool() => Verify("global-average-pool", (t, c, x) => GlobalAveragePoolOperation.Apply(t, x("x")));

    [Fact]
    public void Cross_entropy() => Verify("cross-entropy", (t, c, x) => CrossEntropyOperation.Apply(t, x("x"), c.Integers("labels")));

    [Fact]
    public void Embedding() => Verify("embedding", (t, c, x) => EmbeddingOperation.Apply(t, x("table"), c.Integers("tokens"), 7));

    [Fact]
    public void Bag_of_embeddings() =>
        Verify("embedding-bag", (t, c, x) => EmbeddingBagOperation.Apply(t, x("table"), c.Integers("tokens"), c.Integers("offsets")));

    [Fact]
    public void Root_mean_square_normalization() => Verify("rms-norm", (t, c, x) => RmsNormOperation.Apply(t, x("x"), x("weight")));

    [Fact]
    public void Rotary_positions() => Verify(
        "rotary", (t, c, x) => RotaryOperation.Apply(t, x("x"), new RotaryTable(10, c.Integers("width")[0]), c.Integers("first")[0]));

    [Fact]
    public void Gate() => Verify("swiglu", (t, c, x) => SwiGluOperation.Apply(t, x("gate"), x("up")));

    [Theory]
    [InlineData("attention")]
    [InlineData("attention-more-keys")]
    public void Attention(string name) =>
        Verify(name, (t, c, x) => CausalAttentionOperation.Apply(t, x("query"), x("key"), x("value"), c.Integers("heads")[0]));

    [Fact]
    public void Transformer()
    {
        RecordedCase recorded = new("transformer");
        DecoderTransformer model = new(
            new DecoderTransformerOptions { Vocabulary = 11, Context = 6, Width = 8, Layers = 2, Heads = 2, HiddenWidth = 12 }, seed: 1);
        foreach (Parameter parameter in model.Parameters)
        {
            recorded.Inputs[parameter.Name.Replace(".", "__", StringComparison.Ordinal)].Values.CopyTo(parameter.Values);
        }

        Tape tape = new(new WorkSharing(1));
        model.ResetGradients();
        tape.Begin(0, training: true);
        Tensor logits = model.Forward(tape, recorded.Integers("tokens"), 2, 6);
        AssertClose(recorded.Output, logits.Values, "logits");
        tape.Backward(WeighedSumOperation.Apply(tape, logits, recorded.Weights));
        foreach (Parameter parameter in model.Parameters)
        {
            AssertClose(
                recorded.Gradient(parameter.Name.Replace(".", "__", StringComparison.Ordinal)), parameter.Gradient.Span, parameter.Name);
        }
    }

    private static RecordedCase Verify(string name, Func<Tape, RecordedCase, Func<string, Tensor>, Tensor> function)
    {
        RecordedCase recorded = new(name);
        Tape tape = new(new WorkSharing(2));
        foreach (Parameter parameter in recorded.Inputs.Values)
        {
            parameter.HasGradient = false;
        }

        tape.Begin(0, training: true);
        Tensor output = function(tape, recorded, input => tape.Use(recorded.Inputs[input]));
        Assert.Equal(recorded.OutputShape, output.Shape.ToArray());
        AssertClose(recorded.Output, output.Values, "output");
        tape.Backward(WeighedSumOperation.Apply(tape, output, recorded.Weights));
        foreach ((string input, Parameter parameter) in recorded.Inputs)
        {
            Assert.True(parameter.HasGradient);
            AssertClose(recorded.Gradient(input), parameter.Gradient.Span, input);
        }

        return recorded;
    }

    private static void AssertClose(double[] expected, ReadOnlySpan<float> actual, string what)
    {
        Assert.Equal(expected.Length, actual.Length);
        double scale = Math.Max(1, expected.Max(Math.Abs));
        for (int i = 0; i < expected.Length; i++)
        {
            Assert.True(
                Math.Abs(expected[i] - actual[i]) <= Tolerance * scale,
                $"{what}[{i}]: PyTorch {expected[i]}, here {actual[i]}, largest {scale}");
        }
    }
}
