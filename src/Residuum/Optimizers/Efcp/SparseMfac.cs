namespace Residuum.Optimizers;

/// <summary>Sparse M-FAC: the inverse Fisher matrix of a window of sparse gradients with error feedback (EFCP, arXiv 2306.06098).</summary>
/// <remarks>
/// <see cref="WindowOptimizer"/> has the step and <see cref="FisherOptimizer"/> the direction; kept are the largest entries of every block.
/// State at the defaults: 61.4 bytes a parameter for the window, 4 for the error, and 16 m^2. A step touches every entry of the window
/// twice. The update is zero where no row has an entry: during the first steps it moves few weights.
/// </remarks>
public sealed class SparseMfac : FisherOptimizer
{
    /// <summary>Makes an optimizer of one group.</summary>
    /// <param name="parameters">What to train.</param>
    /// <param name="options">How; null for the defaults.</param>
    /// <param name="settings">Threads, guard and clipping; null for the defaults.</param>
    /// <exception cref="ArgumentException">There is no parameter, two have the same name, or an option is out of its range.</exception>
    public SparseMfac(IEnumerable<Parameter> parameters, SparseMfacOptions? options = null, StepSettings? settings = null)
        : this([new GroupOptions<SparseMfacOptions>([.. parameters], options ?? new SparseMfacOptions())], settings)
    {
    }

    /// <summary>Makes an optimizer of several groups.</summary>
    /// <param name="groups">Parameters with their options.</param>
    /// <param name="settings">Threads, guard and clipping; null for the defaults.</param>
    /// <exception cref="ArgumentException">
    /// There is no parameter, two have the same name, an option is out of its range, or groups differ in what there is only one of.
    /// </exception>
    public SparseMfac(IEnumerable<GroupOptions<SparseMfacOptions>> groups, StepSettings? settings = null)
        : base(
            [.. groups.Select(group => new FisherGroup(group.Parameters, group.Options))],
            settings,
            (parameter, options) => WindowErrors.Make(parameter.Length, ((SparseMfacOptions)options).Error),
            (tensors, vector, work) =>
                TopKWindows.Make(((SparseMfacOptions)tensors[0].Options).Kept, tensors[0].Options.Window, vector, work))
    {
        ScratchBytes = Plan(Shapes<SparseMfacOptions>(), Settings.Threads).ScratchBytes;
    }

    /// <inheritdoc/>
    public override string Method => "sparse-mfac";

    /// <inheritdoc/>
    public override long ScratchBytes { get; }

    /// <summary>
    /// The state: <c>window_index</c> and <c>window_value</c> [m, k], <c>error</c> and with momentum <c>momentum</c> of every parameter,
    /// <c>gram</c> and <c>inverse</c> [m, m].
    /// </summary>
    internal static MemoryPlan Plan(IReadOnlyList<(ShapedParameter Parameter, SparseMfacOptions Options)> parameters, int threads) => Plan(
        TopKWindows.Plan(
            [.. parameters.Select(pair => (pair.Parameter, (WindowOptions)pair.Options, pair.Options.Error))],
            parameters[0].Options.Kept,
            threads),
        parameters[0].Options.Window);
}
