using Residuum.State;

namespace Residuum.Optimizers;

/// <summary>
/// Shampoo with dense Kronecker factors (arXiv 1802.09568, 2002.09018), in the form of Sketchy's released module tearfree.
/// </summary>
/// <remarks>
/// The second moment of axis i of a block, with Y the gradient's unfolding along it, and its root:
/// <code>
/// C_i = beta2 C_i + w Y Y^T
/// R_i = C_i^(-1/p)                    p twice the number of axes
/// </code>
/// State of a block: 2 d_i^2 float32 for every axis; of a tensor besides 4 bytes a weight each for grafting and momentum.
/// </remarks>
public sealed class Shampoo : KroneckerOptimizer
{
    /// <summary>Makes an optimizer of one group.</summary>
    /// <param name="parameters">What to train.</param>
    /// <param name="options">How; null for the defaults.</param>
    /// <param name="settings">Threads, guard and clipping; null for the defaults.</param>
    /// <exception cref="ArgumentException">There is no parameter, two have the same name, or an option is out of its range.</exception>
    public Shampoo(IEnumerable<Parameter> parameters, ShampooOptions? options = null, StepSettings? settings = null)
        : this([new GroupOptions<ShampooOptions>([.. parameters], options ?? new ShampooOptions())], settings)
    {
    }

    /// <summary>Makes an optimizer of several groups.</summary>
    /// <param name="groups">Parameters with their options.</param>
    /// <param name="settings">Threads, guard and clipping; null for the defaults.</param>
    /// <exception cref="ArgumentException">There is no parameter, two have the same name, or an option is out of its range.</exception>
    public Shampoo(IEnumerable<GroupOptions<ShampooOptions>> groups, StepSettings? settings = null)
        : base(groups.Select(group => new ParameterGroup(group.Parameters, group.Options)), settings)
    {
    }

    /// <inheritdoc/>
    public override string Method => "shampoo";

    /// <summary>
    /// The state of one parameter: <c>v</c> and <c>momentum</c> where there are any; for every axis of every block
    /// <c>blockB.axisI.factor</c> and <c>blockB.axisI.root</c>; and the counter <c>step</c>.
    /// </summary>
    /// <param name="shape">The parameter's shape.</param>
    /// <param name="options">Its options.</param>
    public static IReadOnlyList<FieldSpec> Fields(ReadOnlySpan<int> shape, ShampooOptions options) =>
        [.. new KroneckerLayout("parameter", shape, options).Fields()];
}
