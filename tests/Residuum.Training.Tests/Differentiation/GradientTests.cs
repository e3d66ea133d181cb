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
            t => BatchNormOperation.Apply(t, t.Use(x), t.Use(gamma), t.Use(beta), mean, variance, hasResidual ? t.Use(residual) : null, rectify),
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
}
