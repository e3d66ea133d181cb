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
}
