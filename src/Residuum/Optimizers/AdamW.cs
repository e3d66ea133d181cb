using Residuum.State;

namespace Residuum.Optimizers;

/// <summary>Adam with decoupled weight decay (arXiv 1711.05101), the dense baseline.</summary>
/// <remarks>
/// For every entry, with the parameter's own step t counted from 1:
/// <code>
/// m = beta1 m + (1 - beta1) g                 (1)
/// v = beta2 v + (1 - beta2) g^2               (2)
/// w = (1 - eta lambda) w - eta (m / (1 - beta1^t)) / (sqrt(v / (1 - beta2^t)) + epsilon)     (3)
/// </code>
/// State: 8 bytes per parameter. A step moves 28 bytes per parameter (g read; w, m, v read and written) and does about 14 flops.
/// </remarks>
public sealed class AdamW : ElementwiseOptimizer
{
    private readonly AdamMoments[] _moments;

    /// <summary>Makes an optimizer of one group.</summary>
    /// <param name="parameters">What to train.</param>
    /// <param name="options">How; null for the defaults.</param>
    /// <param name="settings">Threads, guard and clipping; null for the defaults.</param>
    /// <exception cref="ArgumentException">There is no parameter, two have the same name, or an option is out of its range.</exception>
    public AdamW(IEnumerable<Parameter> parameters, AdamWOptions? options = null, StepSettings? settings = null)
        : this([new GroupOptions<AdamWOptions>([.. parameters], options ?? new AdamWOptions())], settings)
    {
    }

    /// <summary>Makes an optimizer of several groups.</summary>
    /// <param name="groups">Parameters with their options.</param>
    /// <param name="settings">Threads, guard and clipping; null for the defaults.</param>
    /// <exception cref="ArgumentException">There is no parameter, two have the same name, or an option is out of its range.</exception>
    public AdamW(IEnumerable<GroupOptions<AdamWOptions>> groups, StepSettings? settings = null)
        : base([.. groups.Select(group => new AdamGroup(group.Parameters, group.Options))], settings)
    {
        _moments = new AdamMoments[Parameters.Count];
        StateArena arena = new(Parameters.SelectMany(parameter => Fields(parameter.Shape)));
        for (int i = 0; i < _moments.Length; i++)
        {
            _moments[i] = new AdamMoments(Parameters[i], (AdamGroup)GroupOf(i), arena);
            AddState(_moments[i].State());
        }
    }

    /// <inheritdoc/>
    public override string Method => "adamw";

    /// <inheritdoc/>
    public override double StepTrafficBytes => AdamMoments.TrafficBytes * Parameters.Sum(parameter => (long)parameter.Length);

    /// <summary>The state of one parameter: <c>m</c>, <c>v</c> and the counter <c>step</c>.</summary>
    /// <param name="shape">The parameter's shape.</param>
    public static IReadOnlyList<FieldSpec> Fields(ReadOnlySpan<int> shape)
    {
        long[] dimensions = FieldSpec.Dimensions(shape);
        return [new("m", ElementType.F32, dimensions), new("v", ElementType.F32, dimensions), new("step", ElementType.I64)];
    }

    private protected override void Advance(int index) => _moments[index].Advance();

    private protected override void UpdatePiece(int index, int start, Span<float> w, ReadOnlySpan<float> g, int worker) =>
        _moments[index].Update(start, w, g);
}
