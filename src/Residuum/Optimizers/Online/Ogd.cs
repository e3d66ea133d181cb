using Residuum.Numerics;
using Residuum.State;

namespace Residuum.Optimizers;

/// <summary>Online gradient descent with a rate that falls as the root of time (Zinkevich 2003).</summary>
/// <remarks>
/// For every entry, with the parameter's own step t counted from 1:
/// <code>
/// w = w - eta g / sqrt(t + delta)
/// </code>
/// State: the counter alone. A step moves 12 bytes per parameter (g read; w read and written).
/// </remarks>
public sealed class Ogd : ElementwiseOptimizer
{
    private readonly long[][] _steps;

    /// <summary>Makes an optimizer of one group.</summary>
    /// <param name="parameters">What to train.</param>
    /// <param name="options">How; null for the defaults.</param>
    /// <param name="settings">Threads, guard and clipping; null for the defaults.</param>
    /// <exception cref="ArgumentException">There is no parameter, two have the same name, or an option is out of its range.</exception>
    public Ogd(IEnumerable<Parameter> parameters, OgdOptions? options = null, StepSettings? settings = null)
        : this([new GroupOptions<OgdOptions>([.. parameters], options ?? new OgdOptions())], settings)
    {
    }

    /// <summary>Makes an optimizer of several groups.</summary>
    /// <param name="groups">Parameters with their options.</param>
    /// <param name="settings">Threads, guard and clipping; null for the defaults.</param>
    /// <exception cref="ArgumentException">There is no parameter, two have the same name, or an option is out of its range.</exception>
    public Ogd(IEnumerable<GroupOptions<OgdOptions>> groups, StepSettings? settings = null)
        : base([.. groups.Select(group => new OnlineGroup(group.Parameters, group.Options))], settings) =>
        _steps = [.. Parameters.Select(parameter => NewState<long>(parameter, Fields()[0]))];

    /// <inheritdoc/>
    public override string Method => "ogd";

    /// <inheritdoc/>
    public override double StepTrafficBytes => 12.0 * Parameters.Sum(parameter => (long)parameter.Length);

    /// <summary>The state of one parameter: the counter <c>step</c>.</summary>
    public static IReadOnlyList<FieldSpec> Fields() => [new("step", ElementType.I64)];

    private protected override void Advance(int index) => _steps[index][0]++;

    private protected override void UpdatePiece(int index, int start, Span<float> w, ReadOnlySpan<float> g, int worker)
    {
        ParameterGroup group = GroupOf(index);
        double rate = group.LearningRate / Math.Sqrt(_steps[index][0] + ((OgdOptions)group.Options).Delta);
        VectorKernels.MultiplyAdd(w, (float)-rate, g, w);
    }
}
