using Residuum.Preconditioning;

namespace Residuum.Tests.Preconditioning;

public sealed class AdaGradWindowTests
{
    /// <summary>
    /// Page of EFCP, 7.2: for x = the newest row both forms are one, u = G^T w = x / epsilon + G^T c, also where the other row is so long
    /// that 1e-13 of its square exceeds delta: only with delta = 0 do such directions count as rounding.
    /// </summary>
    [Theory]
    [InlineData(1e4, 1e-3)]
    [InlineData(1, 1e-3)]
    [InlineData(1e4, 1)]
    public void The_general_form_is_the_unit_form_for_the_newest_row(double longRow, double newest)
    {
        const double Epsilon = 1e-5;
        WindowGram gram = new(window: 2);
        gram.Advance();
        gram.Replace([longRow * longRow]);
        gram.Advance();
        gram.Replace([0, newest * newest]);
        AdaGradWindow window = new(gram, jitter: 1e-6);

        double[] w = new double[2];
        window.Weigh(Epsilon, 1, w);
        double[] c = new double[2];
        window.Weigh(Epsilon, 1, [0, newest * newest], c);

        Assert.Equal(w[0], c[0], 1e-9);
        Assert.Equal(w[1], c[1] + (1 / Epsilon), 1e-9 * w[1]);
    }
}
