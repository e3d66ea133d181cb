using Residuum.Numerics;
using Residuum.Training.Differentiation;
using Residuum.Training.Models;
using Residuum.Training.Tests.Differentiation;

namespace Residuum.Training.Tests.Models;

public sealed class MultilayerPerceptronTests
{
    [Fact]
    public void It_has_the_documented_size_and_names()
    {
        MultilayerPerceptron model = new(seed: 1, 784, 256, 128, 10);
        Assert.Equal(235_146, model.ParameterCount);
        Assert.Equal(
            ["layers.0.weight", "layers.0.bias", "layers.1.weight", "layers.1.bias", "layers.2.weight", "layers.2.bias"],
            model.Parameters.Select(parameter => parameter.Name));
    }

    [Fact]
    public void The_same_seed_gives_the_same_start_and_the_weights_have_the_stated_deviation()
    {
        Parameter a = new MultilayerPerceptron(seed: 5, 784, 256, 10).Parameters[0];
        Parameter b = new MultilayerPerceptron(seed: 5, 784, 256, 10).Parameters[0];
        Parameter c = new MultilayerPerceptron(seed: 6, 784, 256, 10).Parameters[0];
        Assert.Equal(a.Values.ToArray(), b.Values.ToArray());
        Assert.NotEqual(a.Values.ToArray(), c.Values.ToArray());

        // 200,704 draws: the deviation's own relative error is 0.16 %.
        double variance = a.Values.ToArray().Average(value => (double)value * value);
        Assert.InRange(Math.Sqrt(variance), 0.99 * Math.Sqrt(2.0 / 784), 1.01 * Math.Sqrt(2.0 / 784));
    }

    [Fact]
    public void Gradient_descent_learns_a_small_problem()
    {
        MultilayerPerceptron model = new(seed: 1, 5, 16, 3);
        Tape tape = new(new WorkSharing(2));
        float[] inputs = GradientCheck.Normal(30 * 5, stream: 1);
        int[] labels = [.. Enumerable.Range(0, 30).Select(i => i % 3)];
        float loss = 0;
        for (int step = 0; step < 800; step++)
        {
            model.ResetGradients();
            tape.Begin(step, training: true);
            Tensor mean = CrossEntropyOperation.Apply(tape, model.Forward(tape, tape.Input(inputs, 30, 5)), labels);
            loss = mean.Values[0];
            tape.Backward(mean);
            foreach (Parameter parameter in model.Parameters)
            {
                for (int i = 0; i < parameter.Length; i++)
                {
                    parameter.Values.Span[i] -= 0.5f * parameter.Gradient.Span[i];
                }
            }
        }

        Assert.InRange(loss, 0, 0.1f);
    }
}
