using Residuum.Training.Differentiation;

namespace Residuum.Training.Tests.Differentiation;

/// <summary>Every operation's gradient against central differences.</summary>
public sealed class GradientTests
{
    [Fact]
    public void Linear_agrees_with_central_differences()
    {
        Parameter x = GradientCheck.Parameter("x", 1, 5, 3);
        Parameter weight = GradientCheck.Parameter("weight", 2, 4, 3);
        Parameter bias = GradientCheck.Parameter("bias", 3, 4);
        GradientCheck.Verify(t => LinearOperation.Apply(t, t.Use(x), t.Use(weight), t.Use(bias)), [x, weight, bias]);
    }

    [Fact]
    public void A_tensor_used_twice_gets_the_sum_of_both_gradients()
    {
        Parameter x = GradientCheck.Parameter("x", 1, 3, 3);
        GradientCheck.Verify(t => LinearOperation.Apply(t, t.Use(x), t.Use(x)), [x]);
        Parameter w = GradientCheck.Parameter("w", 2, 3, 3);
        GradientCheck.Verify(
            t =>
            {
                Tensor h = LinearOperation.Apply(t, t.Use(x), t.Use(w));
                return LinearOperation.Apply(t, LinearOperation.Apply(t, h, t.Use(w)), h);
            },
            [x, w],
            tolerance: 5e-3);
    }

    [Fact]
    public void Relu_agrees_with_central_differences()
    {
        Parameter x = GradientCheck.Parameter("x", 1, 41);
        foreach (ref float value in x.Values.Span)
        {
            // Keep clear of the kink.
            value += value > 0 ? 0.1f : -0.1f;
        }

        GradientCheck.Verify(t => ReluOperation.Apply(t, t.Use(x)), [x]);
    }

    [Fact]
    public void Cross_entropy_agrees_with_central_differences_and_leaves_out_ignored_rows()
    {
        Parameter x = GradientCheck.Parameter("x", 1, 4, 7);
        GradientCheck.Verify(t => CrossEntropyOperation.Apply(t, t.Use(x), new[] { 3, 0, CrossEntropyOperation.Ignored, 6 }), [x]);
        Assert.All(x.Gradient.Span[14..21].ToArray(), g => Assert.Equal(0, g));
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 1)]
    [InlineData(1, 0)]
    [InlineData(3, 2)]
    public void Convolution_agrees_with_central_differences(int stride, int padding)
    {
        Parameter x = GradientCheck.Parameter("x", 1, 2, 5, 6, 2);
        Parameter weight = GradientCheck.Parameter("weight", 2, 4, 3, 3, 2);
        GradientCheck.Verify(t => ConvolutionOperation.Apply(t, t.Use(x), t.Use(weight), stride, padding), [x, weight]);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Convolution_of_whole_registers_agrees_with_central_differences(int stride)
    {
        Parameter x = GradientCheck.Parameter("x", 1, 1, 4, 5, 6);
        Parameter weight = GradientCheck.Parameter("weight", 2, 19, 3, 3, 6);
        GradientCheck.Verify(t => ConvolutionOperation.Apply(t, t.Use(x), t.Use(weight), stride, padding: 1), [x, weight]);
    }

    [Theory]
    [InlineData(false, false)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(true, true)]
    public void Batch_normalization_agrees_with_central_differences(bool hasResidual, bool rectify)
    {
        Parameter x = GradientCheck.Parameter("x", 1, 6, 17);
        Parameter gamma = GradientCheck.Parameter("gamma", 2, 17);
        Parameter beta = GradientCheck.Parameter("beta", 3, 17);
        Parameter residual = GradientCheck.Parameter("residual", 4, 6, 17);
        if (rectify)
        {
            // Large residuals of either sign keep clear of the rectifier's kink.
            foreach (ref float value in (hasResidual ? residual : beta).Values.Span)
            {
                value += value > 0 ? 5 : -5;
            }
        }

        float[] mean = new float[17];
        float[] variance = new float[17];
        GradientCheck.Verify(
            t => BatchNormOperation.Apply(
                t, t.Use(x), t.Use(gamma), t.Use(beta), mean, variance, hasResidual ? t.Use(residual) : null, rectify),
            hasResidual ? [x, gamma, beta, residual] : [x, gamma, beta]);
    }

    [Fact]
    public void Global_average_pooling_agrees_with_central_differences()
    {
        Parameter x = GradientCheck.Parameter("x", 1, 2, 3, 2, 5);
        GradientCheck.Verify(t => GlobalAveragePoolOperation.Apply(t, t.Use(x)), [x]);
    }

    [Fact]
    public void Reshaping_agrees_with_central_differences()
    {
        Parameter x = GradientCheck.Parameter("x", 1, 2, 6);
        GradientCheck.Verify(t => ReshapeOperation.Apply(t, t.Use(x), 3, 4), [x]);
    }

    [Fact]
    public void Addition_agrees_with_central_differences()
    {
        Parameter x = GradientCheck.Parameter("x", 1, 3, 7);
        Parameter y = GradientCheck.Parameter("y", 2, 3, 7);
        GradientCheck.Verify(t => AddOperation.Apply(t, AddOperation.Apply(t, t.Use(x), t.Use(y)), t.Use(x)), [x, y]);
    }

    [Fact]
    public void Tanh_agrees_with_central_differences()
    {
        Parameter x = GradientCheck.Parameter("x", 1, 41);
        GradientCheck.Verify(t => TanhOperation.Apply(t, t.Use(x)), [x]);
    }

    [Fact]
    public void The_gate_agrees_with_central_differences()
    {
        Parameter gate = GradientCheck.Parameter("gate", 1, 3, 11);
        Parameter up = GradientCheck.Parameter("up", 2, 3, 11);
        GradientCheck.Verify(t => SwiGluOperation.Apply(t, t.Use(gate), t.Use(up)), [gate, up]);
    }

    [Fact]
    public void Root_mean_square_normalization_agrees_with_central_differences()
    {
        Parameter x = GradientCheck.Parameter("x", 1, 3, 19);
        Parameter weight = GradientCheck.Parameter("weight", 2, 19);
        GradientCheck.Verify(t => RmsNormOperation.Apply(t, t.Use(x), t.Use(weight)), [x, weight]);
    }

    [Fact]
    public void Rotary_positions_agree_with_central_differences()
    {
        RotaryTable table = new(positions: 9, headWidth: 6);
        Parameter x = GradientCheck.Parameter("x", 1, 2, 4, 12);
        GradientCheck.Verify(t => RotaryOperation.Apply(t, t.Use(x), table, firstPosition: 5), [x]);
    }

    [Theory]
    [InlineData(5, 5)]
    [InlineData(3, 7)]
    [InlineData(70, 70)]
    public void Attention_agrees_with_central_differences(int queries, int keys)
    {
        int batch = queries > 64 ? 1 : 2;
        int heads = queries > 64 ? 1 : 3;
        Parameter query = GradientCheck.Parameter("query", 1, batch, queries, heads * 2);
        Parameter key = GradientCheck.Parameter("key", 2, batch, keys, heads * 2);
        Parameter value = GradientCheck.Parameter("value", 3, batch, keys, heads * 2);
        GradientCheck.Verify(t => CausalAttentionOperation.Apply(t, t.Use(query), t.Use(key), t.Use(value), heads), [query, key, value]);
    }

    [Fact]
    public void Embeddings_agree_with_central_differences()
    {
        Parameter table = GradientCheck.Parameter("table", 1, 5, 3);
        GradientCheck.Verify(t => EmbeddingOperation.Apply(t, t.Use(table), new[] { 4, 0, 4, 2, 2, 2 }, 2, 3), [table]);
    }

    [Fact]
    public void Bags_of_embeddings_agree_with_central_differences()
    {
        Parameter table = GradientCheck.Parameter("table", 1, 5, 35);
        int[] tokens = [4, 0, 4, 2, 2, 2, 1];
        int[] offsets = [0, 3, 3, 6, 7];
        GradientCheck.Verify(t => EmbeddingBagOperation.Apply(t, t.Use(table), tokens, offsets), [table]);
    }

    [Fact]
    public void Dropout_agrees_with_central_differences()
    {
        Parameter x = GradientCheck.Parameter("x", 1, 41);
        GradientCheck.Verify(t => DropoutOperation.Apply(t, t.Use(x), share: 0.3f, stream: 5), [x]);
    }
}
