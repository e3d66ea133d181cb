namespace Residuum.Optimizers;

/// <summary>AdaGrad with a sketched covariance and a fixed diagonal (IJCAI 2018, paper 381): the escaped mass is not used.</summary>
/// <remarks>
/// With the sketch of all gradients so far, the present one included (page, section 4):
/// <code>
/// w = w - eta (delta I + (U diag(s^2) U^T)^(1/2))^(-1) g = w - (eta / delta) [g - U diag(s / (delta + s)) U^T g]
/// </code>
/// Unlike in the other methods delta is added to the root.
/// </remarks>
public sealed class AdaFd : SketchedDescent
{
    /// <summary>Makes an optimizer of one group.</summary>
    /// <param name="parameters">What to train.</param>
    /// <param name="options">How; null for the defaults.</param>
    /// <param name="settings">Threads, guard and clipping; null for the defaults.</param>
    /// <exception cref="ArgumentException">There is no parameter, two have the same name, or an option is out of its range.</exception>
    public AdaFd(IEnumerable<Parameter> parameters, AdaFdOptions? options = null, StepSettings? settings = null)
        : this([new GroupOptions<AdaFdOptions>([.. parameters], options ?? new AdaFdOptions())], settings)
    {
    }

    /// <summary>Makes an optimizer of several groups.</summary>
    /// <param name="groups">Parameters with their options.</param>
    /// <param name="settings">Threads, guard and clipping; null for the defaults.</param>
    /// <exception cref="ArgumentException">There is no parameter, two have the same name, or an option is out of its range.</exception>
    public AdaFd(IEnumerable<GroupOptions<AdaFdOptions>> groups, StepSettings? settings = null)
        : base([.. groups.Select(group => new GroupOptions<SketchedDescentOptions>(group.Parameters, group.Options))], settings)
    {
    }

    /// <inheritdoc/>
    public override string Method => "ada-fd";

    private protected override double Weight(long step, double eta) => 1;

    private protected override double Direction(ReadOnlySpan<double> s, double rho, double delta, double eta, Span<double> b)
    {
        double a = eta / delta;
        for (int j = 0; j < s.Length; j++)
        {
            b[j] = -a * s[j] / (delta + s[j]);
        }

        return a;
    }
}
