using Residuum.Optimizers;

namespace Residuum.Tests.Optimizers;

public sealed class SgdTests
{
    /// <summary>Where a step's momentum is 0 the direction is the gradient, whole, and the buffer waits (torch.optim.SGD).</summary>
    [Theory]
    [InlineData(0.3, false)]
    [InlineData(0, true)]
    public void A_step_without_momentum_leaves_the_buffer(double dampening, bool nesterov)
    {
        Parameter parameter = Gradients.Parameter(37, seed: 5);
        Sgd optimizer = new([parameter], new SgdOptions { LearningRate = 0.1, Momentum = 0.9, Dampening = dampening, Nesterov = nesterov });
        SgdGroup group = (SgdGroup)optimizer.Groups[0];
        double[] w = [.. parameter.Values.ToArray()];
        double[] b = new double[w.Length];
        bool isFirst = true;
        foreach ((int step, double mu) in new[] { 0, 0.9, 0, 0.9, 0.5 }.Index())
        {
            Gradients.Draw(parameter, step);
            group.Momentum = mu;
            optimizer.Step();
            for (int i = 0; i < w.Length; i++)
            {
                double g = parameter.Gradient.Span[i];
                if (mu > 0)
                {
                    b[i] = isFirst ? g : (mu * b[i]) + ((1 - dampening) * g);
                }

                w[i] -= 0.1 * (mu == 0 ? g : nesterov ? g + (mu * b[i]) : b[i]);
                Assert.Equal(w[i], parameter.Values.Span[i], 1e-5);
            }

            isFirst &= mu == 0;
        }
    }
}
