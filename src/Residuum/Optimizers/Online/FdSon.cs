using Residuum.Preconditioning;

namespace Residuum.Optimizers;

/// <summary>Online Newton steps with Frequent Directions and a fixed diagonal (arXiv 1602.02202).</summary>
/// <remarks>
/// With the sketch of <c>g g^T / (sqrt(t) eta)</c> (page, section 4):
/// <code>
/// w = w - [delta^(-1) g + U ((s^2 + delta)^(-1) - delta^(-1)) U^T g]
/// </code>
/// No rate stands in front: eta only scales what enters the sketch, and must be positive. Powers are those of the pseudo-inverse.
/// </remarks>
public sealed class FdSon : SketchedDescent
{
    /// <summary>Makes an optimizer of one group.</summary>
    /// <param name="parameters">What to train.</param>
    /// <param name="options">How; null for the defaults.</param>
    /// <param name="settings">Threads, guard and clipping; null for the defaults.</param>
    /// <exception cref="ArgumentException">There is no parameter, two have the same name, or an option is out of its range.</exception>
    public FdSon(IEnumerable<Parameter> parameters, SketchedDescentOptions? options = null, StepSettings? settings = null)
        : this([new GroupOptions<SketchedDescentOptions>([.. parameters], options ?? new SketchedDescentOptions())], settings)
    {
    }

    /// <summary>Makes an optimizer of several groups.</summary>
    /// <param name="groups">Parameters with their options.</param>
    /// <param name="settings">Threads, guard and clipping; null for the defaults.</param>
    /// <exception cref="ArgumentException">There is no parameter, two have the same name, or an option is out of its range.</exception>
    public FdSon(IEnumerable<GroupOptions<SketchedDescentOptions>> groups, StepSettings? settings = null)
        : base(groups, settings)
    {
    }

    /// <inheritdoc/>
    public override string Method => "fd-son";

    private protected override double Weight(long step, double eta) => 1 / (Math.Sqrt(step) * eta);

    private protected override double Direction(ReadOnlySpan<double> s, double rho, double delta, double eta, Span<double> b)
    {
        double a = PseudoInverse.Power(delta, -1);
        for (int j = 0; j < s.Length; j++)
        {
            b[j] = s[j] == 0 ? 0 : 1 / (s[j] * s[j] + delta) - a;
        }

        return a;
    }
}
