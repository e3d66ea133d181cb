using Residuum.Compression;
using Residuum.ErrorMemory;
using Residuum.Numerics;

namespace Residuum.Optimizers;

/// <summary>GGT: full-matrix AdaGrad over a window of whole gradients (arXiv 1806.02958).</summary>
/// <remarks>
/// <see cref="WindowOptimizer"/> has the step and <see cref="AdaGradWindowOptimizer"/> the direction. Everything is kept, so there is no
/// error. State: 4 m bytes a parameter and 8 m^2. A step reads the window twice: 8 m bytes a parameter, 4 m flops.
/// </remarks>
public sealed class Ggt : AdaGradWindowOptimizer
{
    /// <summary>Makes an optimizer of one group.</summary>
    /// <param name="parameters">What to train.</param>
    /// <param name="options">How; null for the defaults.</param>
    /// <param name="settings">Threads, guard and clipping; null for the defaults.</param>
    /// <exception cref="ArgumentException">There is no parameter, two have the same name, or an option is out of its range.</exception>
    public Ggt(IEnumerable<Parameter> parameters, GgtOptions? options = null, StepSettings? settings = null)
        : this([new GroupOptions<GgtOptions>([.. parameters], options ?? new GgtOptions())], settings)
    {
    }

    /// <summary>Makes an optimizer of several groups.</summary>
    /// <param name="groups">Parameters with their options.</param>
    /// <param name="settings">Threads, guard and clipping; null for the defaults.</param>
    /// <exception cref="ArgumentException">
    /// There is no parameter, two have the same name, an option is out of its range, or groups differ in what there is only one of.
    /// </exception>
    public Ggt(IEnumerable<GroupOptions<GgtOptions>> groups, StepSettings? settings = null)
        : base(
            [.. groups.Select(group => new AdaGradWindowGroup(group.Parameters, group.Options))],
            settings,
            (_, _) => new NoErrorMemory(),
            WholeWindows.Make)
    {
        ScratchBytes = Plan(Shapes<GgtOptions>(), Settings.Threads).ScratchBytes;
    }

    /// <inheritdoc/>
    public override string Method => "ggt";

    /// <inheritdoc/>
    public override long ScratchBytes { get; }

    /// <inheritdoc/>
    /// <remarks>With beta1 what is preconditioned is x = v, not a row of the window, and the general form is needed.</remarks>
    private protected override void Precondition(Span<double> products, Span<double> weights)
    {
        if (!Tensors[0].Options.HasMomentum)
        {
            base.Precondition(products, weights);
            return;
        }

        foreach (WindowTensor tensor in Tensors)
        {
            Average(tensor);
        }

        DenseWindow window = (DenseWindow)Window;
        window.Multiply(products);
        AdaGrad.Weigh(Shared.Epsilon, Shared.Beta2, products, weights);
        window.AddCombination(1 / Shared.Epsilon, weights);
    }

    // v = beta1 v + (1 - beta1) g. The vector holds g, and takes v; zero where there is no gradient.
    private void Average(WindowTensor tensor)
    {
        if (tensor.Parameter.HasGradient)
        {
            Span<float> vector = Vector.Span.Slice(tensor.Offset, tensor.Parameter.Length);
            VectorKernels.Scale(tensor.Momentum, (float)Shared.Beta1);
            VectorKernels.MultiplyAdd(tensor.Momentum, (float)(1 - Shared.Beta1), vector, tensor.Momentum);
            tensor.Momentum.CopyTo(vector);
        }
    }

    /// <summary>The state: <c>window</c> [m, d], with beta1 <c>momentum</c> of every parameter, <c>gram</c> [m, m].</summary>
    internal static MemoryPlan Plan(IReadOnlyList<(ShapedParameter Parameter, GgtOptions Options)> parameters, int threads) => Plan(
        WholeWindows.Plan([.. parameters.Select(pair => (pair.Parameter, (WindowOptions)pair.Options))], threads),
        parameters[0].Options.Window);
}
