using Residuum.Preconditioning;
using Residuum.State;

namespace Residuum.Optimizers;

/// <summary>S-Shampoo: Shampoo whose Kronecker factors are sketches with escaped mass (arXiv 2302.03764, algorithm 3).</summary>
/// <remarks>
/// The second moment of axis i of a block is a <see cref="FrequentDirections"/> of k directions that takes in Y, the gradient's unfolding
/// along the axis; its inverse root is applied without being formed:
/// <code>
/// h_j = (s_j^2 + rho + epsilon)^e,  tau = (rho + epsilon)^e, or 0 where rho = 0       e = -1/p, p twice the number of axes
/// R_i Y = tau Y + U diag(h - tau) U^T Y
/// </code>
/// State of a block: d_i k + 2 k + 2 float32 for every axis; of a tensor besides 4 bytes a weight each for grafting and momentum.
/// </remarks>
public sealed class SShampoo : KroneckerOptimizer, ISketched
{
    /// <summary>Makes an optimizer of one group.</summary>
    /// <param name="parameters">What to train.</param>
    /// <param name="options">How; null for the defaults.</param>
    /// <param name="settings">Threads, guard and clipping; null for the defaults.</param>
    /// <exception cref="ArgumentException">There is no parameter, two have the same name, or an option is out of its range.</exception>
    public SShampoo(IEnumerable<Parameter> parameters, SShampooOptions? options = null, StepSettings? settings = null)
        : this([new GroupOptions<SShampooOptions>([.. parameters], options ?? new SShampooOptions())], settings)
    {
    }

    /// <summary>Makes an optimizer of several groups.</summary>
    /// <param name="groups">Parameters with their options.</param>
    /// <param name="settings">Threads, guard and clipping; null for the defaults.</param>
    /// <exception cref="ArgumentException">There is no parameter, two have the same name, or an option is out of its range.</exception>
    public SShampoo(IEnumerable<GroupOptions<SShampooOptions>> groups, StepSettings? settings = null)
        : base(groups.Select(group => new ParameterGroup(group.Parameters, group.Options)), settings)
    {
    }

    /// <inheritdoc/>
    public override string Method => "s-shampoo";

    /// <summary>
    /// The state of one parameter: <c>v</c> and <c>momentum</c> where there are any; for every axis of every block, after
    /// <c>blockB.axisI.</c>, <c>direction</c> [k, d], <c>singular_value</c> [k], <c>escaped_mass</c>, <c>root</c> [k] and
    /// <c>escaped_root</c>; and the counter <c>step</c>.
    /// </summary>
    /// <param name="shape">The parameter's shape.</param>
    /// <param name="options">Its options.</param>
    public static IReadOnlyList<FieldSpec> Fields(ReadOnlySpan<int> shape, SShampooOptions options) =>
        [.. new KroneckerLayout("parameter", shape, options).Fields()];

    IReadOnlyList<IReadOnlyList<FrequentDirections>> ISketched.SketchesOf(Parameter parameter) =>
    [
        .. Tensors.First(tensor => tensor.Parameter == parameter).Factors
            .Select(block => block.Select(factor => ((SketchedFactor)factor).Sketch).ToArray()),
    ];
}
