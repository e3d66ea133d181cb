using Residuum.Preconditioning;

namespace Residuum.Optimizers;

/// <summary>Online Newton steps with robust Frequent Directions (arXiv 1705.05067): half of the escaped mass joins the diagonal.</summary>
/// <remarks>
/// With the sketch of <c>g g^T / (t eta)</c> (page, section 4):
/// <code>
/// alpha = delta + rho / 2
/// w = w - [alpha^(-1) g + U ((s^2 + alpha)^(-1) - alpha^(-1)) U^T g]
/// </code>
/// No rate stands in front: eta only scales what enters the sketch, and must be positive. Powers are those of the pseudo-inverse.
/// </remarks>
public sealed class RfdSon : SketchedDescent
{
    /// <summary>Makes an optimizer of one group.</summary>
    /// <param name="parameters">What to train.</param>
    /// <param name="options">How; null for the defaults.</param>
    /// <param name="settings">Threads, guard and clipping; null for the defaults.</param>
    /// <exception cref="ArgumentException">There is no parameter, two have the same name, or an option is out of its range.</exception>
    public RfdSon(IEnumerable<Parameter> parameters, SketchedDescentOptions? options = null, StepSettings? settings = null)
        : this([new GroupOptions<SketchedDescentOptions>([.. parameters], options ?? new SketchedDescentOptions())], settings)
    {
    }

    /// <summary>Makes an optimizer of several groups.</summary>
    /// <param name="groups">Parameters with their options.</param>
    /// <param name="settings">Threads, guard and clipping; null for the defaults.</param>
    /// <exception cref="ArgumentException">There is no parameter, two have the same name, or an option is out of its range.</exception>
    public RfdSon(IEnumerable<GroupOptions<SketchedDescentOptions>> groups, StepSettings? settings = null)
        : base(groups, settings)
    {
    }

    /// <inheritdoc/>
    public override string Method => "rfd-son";

    private protected override double Weight(long step, double eta) => 1 / (step * eta);

    private protected override double Direction(ReadOnlySpan<double> s, double rho, double delta, double eta, Span<double> b)
    {
        double alpha = delta + 0.5 * rho;
        double a = PseudoInverse.Power(alpha, -1);
        for (int j = 0; j < s.Length; j++)
        {
            b[j] = s[j] == 0 ? 0 : 1 / (s[j] * s[j] + alpha) - a;
        }

        return a;
    }
}
