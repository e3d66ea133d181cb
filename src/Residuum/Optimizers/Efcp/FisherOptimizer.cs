using Residuum.Preconditioning;
using Residuum.State;

namespace Residuum.Optimizers;

/// <summary>
/// The M-FAC family: the inverse Fisher matrix of a window of gradients, applied to the newest (arXiv 2107.03356, 2306.06098).
/// </summary>
/// <remarks>
/// <code>
/// F = lambda I + (1/n) sum over the window of c c^T,   u = F^-1 c = n G^T (K + n lambda I)^-1 e_slot
/// v = b v + u, or b v + (1 - b) u
/// </code>
/// For n lambda much smaller than |c|^2 the step's length is eta n / |c|: the learning rate acts as eta m, so scale it by 1 / m when m
/// changes.
/// </remarks>
public abstract class FisherOptimizer : WindowOptimizer
{
    private readonly FisherWindow _fisher;
    private readonly FisherCount _count;

    private protected FisherOptimizer(
        IReadOnlyList<ParameterGroup> groups,
        StepSettings? settings,
        Func<Parameter, WindowOptions, ErrorMemory.ErrorMemory> error,
        WindowMaker window)
        : base(groups, settings, error, window)
    {
        _count = ((FisherOptions)groups[0].Options).FisherCount;
        _fisher = new FisherWindow(Gram, Work);
        foreach (StateField field in _fisher.State())
        {
            AddState(field);
        }

        RequireOneValue();
    }

    private protected static MemoryPlan Plan(WindowPlan plan, int window) =>
        plan.With([.. WindowGram.Fields(window), .. FisherWindow.Fields(window)], window, FisherWindow.ScratchBytes(window));

    private protected sealed override void RequireOneValue()
    {
        double damping = ((FisherGroup)Groups[0]).Damping;
        for (int i = 1; i < Groups.Count; i++)
        {
            if (((FisherGroup)Groups[i]).Damping != damping)
            {
                throw Disagreement("damping");
            }
        }
    }

    private protected sealed override void Precondition(Span<double> products, Span<double> weights)
    {
        int n = _count == FisherCount.Window ? Gram.Window : Gram.Filled;
        _fisher.Weigh(n, ((FisherGroup)Groups[0]).Damping, weights);
        Window.Combine(weights);
    }

    private protected sealed override (double Old, double New)? MomentumOf(WindowTensor tensor)
    {
        FisherOptions options = (FisherOptions)tensor.Options;
        double b = ((FisherGroup)tensor.Group).Momentum;
        return options.HasMomentum ? (b, options.MomentumForm == MomentumForm.Ema ? 1 - b : 1) : null;
    }
}
