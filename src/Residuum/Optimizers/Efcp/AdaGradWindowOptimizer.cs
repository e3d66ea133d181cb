using Residuum.Preconditioning;

namespace Residuum.Optimizers;

/// <summary>The GGT family: full-matrix AdaGrad over a window of gradients (arXiv 1806.02958, 2306.06098).</summary>
/// <remarks>
/// With the rows of G scaled by beta2 to their age:
/// <code>
/// u = [(G^T G)^1/2 + epsilon I]^-1 c
/// </code>
/// For one gradient much longer than epsilon u has length 1: the learning rate is the length of a step.
/// </remarks>
public abstract class AdaGradWindowOptimizer : WindowOptimizer
{
    private protected AdaGradWindowOptimizer(
        IReadOnlyList<ParameterGroup> groups,
        StepSettings? settings,
        Func<Parameter, WindowOptions, ErrorMemory.ErrorMemory> error,
        WindowMaker window)
        : base(groups, settings, error, window)
    {
        AdaGrad = new AdaGradWindow(Gram, ((AdaGradWindowOptions)groups[0].Options).GramJitter);
        RequireOneValue();
    }

    private protected AdaGradWindow AdaGrad { get; }

    private protected AdaGradWindowGroup Shared => (AdaGradWindowGroup)Groups[0];

    private protected static MemoryPlan Plan(WindowPlan plan, int window) =>
        plan.With([.. WindowGram.Fields(window)], window, AdaGradWindow.ScratchBytes(window));

    private protected sealed override void RequireOneValue()
    {
        for (int i = 1; i < Groups.Count; i++)
        {
            AdaGradWindowGroup group = (AdaGradWindowGroup)Groups[i];
            if (group.Epsilon != Shared.Epsilon || group.Beta1 != Shared.Beta1 || group.Beta2 != Shared.Beta2)
            {
                throw Disagreement(group.Epsilon != Shared.Epsilon ? "epsilon" : group.Beta1 != Shared.Beta1 ? "beta1" : "beta2");
            }
        }
    }

    private protected override void Precondition(Span<double> products, Span<double> weights)
    {
        AdaGrad.Weigh(Shared.Epsilon, Shared.Beta2, weights);
        Window.Combine(weights);
    }

    // The momentum of this family is in the gradient, not in the update.
    private protected sealed override (double Old, double New)? MomentumOf(WindowTensor tensor) => null;
}
