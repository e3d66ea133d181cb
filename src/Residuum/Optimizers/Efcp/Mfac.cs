using Residuum.ErrorMemory;

namespace Residuum.Optimizers;

/// <summary>M-FAC: the inverse Fisher matrix of a window of whole gradients (arXiv 2107.03356).</summary>
/// <remarks>
/// <see cref="WindowOptimizer"/> has the step and <see cref="FisherOptimizer"/> the direction. Everything is kept, so there is no error.
/// State: 4 m bytes a parameter and 16 m^2. A step reads the window twice: 8 m bytes a parameter, 4 m flops.
/// </remarks>
public sealed class Mfac : FisherOptimizer
{
    /// <summary>Makes an optimizer of one group.</summary>
    /// <param name="parameters">What to train.</param>
    /// <param name="options">How; null for the defaults.</param>
    /// <param name="settings">Threads, guard and clipping; null for the defaults.</param>
    /// <exception cref="ArgumentException">There is no parameter, two have the same name, or an option is out of its range.</exception>
    public Mfac(IEnumerable<Parameter> parameters, MfacOptions? options = null, StepSettings? settings = null)
        : this([new GroupOptions<MfacOptions>([.. parameters], options ?? new MfacOptions())], settings)
    {
    }

    /// <summary>Makes an optimizer of several groups.</summary>
    /// <param name="groups">Parameters with their options.</param>
    /// <param name="settings">Threads, guard and clipping; null for the defaults.</param>
    /// <exception cref="ArgumentException">
    /// There is no parameter, two have the same name, an option is out of its range, or groups differ in what there is only one of.
    /// </exception>
    public Mfac(IEnumerable<GroupOptions<MfacOptions>> groups, StepSettings? settings = null)
        : base(
            [.. groups.Select(group => new FisherGroup(group.Parameters, group.Options))],
            settings,
            (_, _) => new NoErrorMemory(),
            WholeWindows.Make)
    {
        ScratchBytes = Plan(Shapes<MfacOptions>(), Settings.Threads).ScratchBytes;
    }

    /// <inheritdoc/>
    public override string Method => "mfac";

    /// <inheritdoc/>
    public override long ScratchBytes { get; }

    /// <summary>
    /// The state: <c>window</c> [m, d], with momentum <c>momentum</c> of every parameter, <c>gram</c> and <c>inverse</c> [m, m].
    /// </summary>
    internal static MemoryPlan Plan(IReadOnlyList<(ShapedParameter Parameter, MfacOptions Options)> parameters, int threads) => Plan(
        WholeWindows.Plan([.. parameters.Select(pair => (pair.Parameter, (WindowOptions)pair.Options))], threads),
        parameters[0].Options.Window);
}
