using Residuum.Preconditioning;

namespace Residuum.Optimizers;

/// <summary>AdaGrad with a sketched covariance and its escaped mass (arXiv 2302.03764, algorithm 2).</summary>
/// <remarks>
/// With the sketch of all gradients so far, the present one included (page, section 4):
/// <code>
/// alpha = delta + rho
/// w = w - eta [alpha^(-1/2) g + U ((s^2 + alpha)^(-1/2) - alpha^(-1/2)) U^T g]
/// </code>
/// Powers are those of the pseudo-inverse: while nothing has escaped and delta is 0, what lies outside the sketch is dropped.
/// </remarks>
public sealed class SAdaGrad : SketchedDescent
{
    /// <summary>Makes an optimizer of one group.</summary>
    /// <param name="parameters">What to train.</param>
    /// <param name="options">How; null for the defaults.</param>
    /// <param name="settings">Threads, guard and clipping; null for the defaults.</param>
    /// <exception cref="ArgumentException">There is no parameter, two have the same name, or an option is out of its range.</exception>
    public SAdaGrad(IEnumerable<Parameter> parameters, SketchedDescentOptions? options = null, StepSettings? settings = null)
        : this([new GroupOptions<SketchedDescentOptions>([.. parameters], options ?? new SketchedDescentOptions())], settings)
    {
    }

    /// <summary>Makes an optimizer of several groups.</summary>
    /// <param name="groups">Parameters with their options.</param>
    /// <param name="settings">Threads, guard and clipping; null for the defaults.</param>
    /// <exception cref="ArgumentException">There is no parameter, two have the same name, or an option is out of its range.</exception>
    public SAdaGrad(IEnumerable<GroupOptions<SketchedDescentOptions>> groups, StepSettings? settings = null)
        : base(groups, settings)
    {
    }

    /// <inheritdoc/>
    public override string Method => "s-adagrad";

    private protected override double Weight(long step, double eta) => 1;

    private protected override double Direction(ReadOnlySpan<double> s, double rho, double delta, double eta, Span<double> b)
    {
        double alpha = delta + rho;
        double a = eta * PseudoInverse.Power(alpha, -0.5);
        for (int j = 0; j < s.Length; j++)
        {
            b[j] = s[j] == 0 ? 0 : eta * PseudoInverse.Power(s[j] * s[j] + alpha, -0.5) - a;
        }

        return a;
    }
}
