namespace Residuum.Optimizers;

/// <summary>
/// Low-rank GGT: full-matrix AdaGrad over a window of low-rank gradients with error feedback (ours, put together from EFCP's parts).
/// </summary>
/// <remarks>
/// <see cref="WindowOptimizer"/> has the step and <see cref="AdaGradWindowOptimizer"/> the direction; kept is one power iteration of every
/// matrix, and all of parameters with fewer than two dimensions. There is one matrix over all parameters.
/// State: 4 m r (R + C) bytes for an R x C matrix, 4 R C for its error, 8 m^2. To combine costs 2 m r flops a parameter: low rank saves
/// memory, not time.
/// </remarks>
public sealed class LowRankGgt : AdaGradWindowOptimizer
{
    /// <summary>Makes an optimizer of one group.</summary>
    /// <param name="parameters">What to train.</param>
    /// <param name="options">How; null for the defaults.</param>
    /// <param name="settings">Threads, guard and clipping; null for the defaults.</param>
    /// <exception cref="ArgumentException">There is no parameter, two have the same name, or an option is out of its range.</exception>
    public LowRankGgt(IEnumerable<Parameter> parameters, LowRankGgtOptions? options = null, StepSettings? settings = null)
        : this([new GroupOptions<LowRankGgtOptions>([.. parameters], options ?? new LowRankGgtOptions())], settings)
    {
    }

    /// <summary>Makes an optimizer of several groups.</summary>
    /// <param name="groups">Parameters with their options.</param>
    /// <param name="settings">Threads, guard and clipping; null for the defaults.</param>
    /// <exception cref="ArgumentException">
    /// There is no parameter, two have the same name, an option is out of its range, or groups differ in what there is only one of.
    /// </exception>
    public LowRankGgt(IEnumerable<GroupOptions<LowRankGgtOptions>> groups, StepSettings? settings = null)
        : base(
            [.. groups.Select(group => new AdaGradWindowGroup(group.Parameters, group.Options))],
            settings,
            (parameter, options) => LowRankWindows.MakeError(parameter, ((LowRankGgtOptions)options).Error),
            (tensors, vector, work) => LowRankWindows.Make(tensors, tensor => ((LowRankGgtOptions)tensor.Options).Kept, vector, work))
    {
        ScratchBytes = Plan(Shapes<LowRankGgtOptions>(), Settings.Threads).ScratchBytes;
    }

    /// <inheritdoc/>
    public override string Method => "lowrank-ggt";

    /// <inheritdoc/>
    public override long ScratchBytes { get; }

    /// <summary>
    /// The state: of every matrix <c>q</c> [r, C], <c>window_p</c> [m, r, R], <c>window_q</c> [m, r, C] and <c>error</c>, of other
    /// parameters <c>window</c> [m, d], <c>gram</c> [m, m].
    /// </summary>
    internal static MemoryPlan Plan(IReadOnlyList<(ShapedParameter Parameter, LowRankGgtOptions Options)> parameters, int threads) => Plan(
        LowRankWindows.Plan(
            [.. parameters.Select(pair => (pair.Parameter, (WindowOptions)pair.Options, pair.Options.Kept, pair.Options.Error))], threads),
        parameters[0].Options.Window);
}
