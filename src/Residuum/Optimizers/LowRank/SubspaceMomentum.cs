using Residuum.Compression;
using Residuum.Numerics;
using Residuum.Preconditioning;

namespace Residuum.Optimizers;

/// <summary>Momentum inside a subspace, the plain gradient outside it, divided by the norms of subsets (arXiv 2411.07120).</summary>
/// <remarks>
/// For every matrix with gradient G, at its own step t from 1, P being the projection on the subspace (page of the baselines, section 8):
/// <code>
/// P = the r leading singular vectors of G, or its r lines of largest norm          (1)  at t = 1 and whenever t is a multiple of T
/// h = P G;  m = beta1 m + (1 - beta1) h                                            (2)  m = 0 when P is renewed, unless it is kept
/// N = G + P^T (m - h)                                                              (3)  P^T m + (G - P^T h)
/// V = beta2 V + (1 - beta2) sum of g^2 over each subset                            (4)  with beta2 = 1: V + sum
/// W = W - eta sqrt(1 - beta2^t) / (1 - beta1^t) N / (sqrt(V) + epsilon)            (5)
/// W = (1 - eta lambda) W                                                           (6)
/// </code>
/// A parameter without a subspace has ordinary momentum: h = G, N = m. The bias correction multiplies what lies outside the subspace too,
/// as in the authors' code. State of a matrix with sides L >= S: r (L + S) numbers, of lines r min(m, n) + r, and V.
/// </remarks>
public sealed class SubspaceMomentum : ElementwiseOptimizer
{
    private readonly SubspaceMomentumTensor[] _tensors;
    private readonly SubspaceMomentumScratchSizes _sizes;
    private readonly Scratch _scratch;
    private readonly LeadingSubspace? _leading;

    /// <summary>Makes an optimizer of one group.</summary>
    /// <param name="parameters">What to train.</param>
    /// <param name="options">How; null for the defaults.</param>
    /// <param name="settings">Threads, guard and clipping; null for the defaults.</param>
    /// <exception cref="ArgumentException">There is no parameter, two have the same name, or an option is out of its range.</exception>
    public SubspaceMomentum(IEnumerable<Parameter> parameters, SubspaceMomentumOptions? options = null, StepSettings? settings = null)
        : this([new GroupOptions<SubspaceMomentumOptions>([.. parameters], options ?? new SubspaceMomentumOptions())], settings)
    {
    }

    /// <summary>Makes an optimizer of several groups.</summary>
    /// <param name="groups">Parameters with their options.</param>
    /// <param name="settings">Threads, guard and clipping; null for the defaults.</param>
    /// <exception cref="ArgumentException">The subsets asked for are larger than a parameter.</exception>
    public SubspaceMomentum(IEnumerable<GroupOptions<SubspaceMomentumOptions>> groups, StepSettings? settings = null)
        : base([.. groups.Select(group => new AdamGroup(group.Parameters, group.Options))], settings)
    {
        _tensors = new SubspaceMomentumTensor[Parameters.Count];
        for (int i = 0; i < _tensors.Length; i++)
        {
            _tensors[i] = new SubspaceMomentumTensor(Parameters[i], (AdamGroup)GroupOf(i));
            AddState(_tensors[i].State());
            _sizes = _sizes.Including(Parameters[i].Name, Parameters[i].Shape.ToArray(), _tensors[i].Options);
        }

        _scratch = new Scratch(1, _sizes.Bytes);
        _leading = _sizes.Leading.IsEmpty ? null : new LeadingSubspace(_sizes.Leading);
    }

    /// <inheritdoc/>
    public override string Method => "subspace-momentum";

    /// <inheritdoc/>
    public override long ScratchBytes => _sizes.AllBytes;

    /// <inheritdoc/>
    /// <remarks>
    /// Between two subspaces the weights and the state are read and written and the gradient is read twice, m as numerator once more. Of a
    /// matrix the gradient is copied to N besides, which is read and written and read again.
    /// </remarks>
    public override double StepTrafficBytes =>
        (2.0 * StateBytes) + _tensors.Sum(tensor => tensor.Parameter.Length * (tensor.Layout is null ? 20.0 : 36.0));

    internal static MemoryPlan Plan(IReadOnlyList<(ShapedParameter Parameter, SubspaceMomentumOptions Options)> parameters)
    {
        SubspaceMomentumScratchSizes sizes = default;
        return LowRankPlan.Of(
            [.. parameters.Select(pair => (pair.Parameter, pair.Options.Decide(pair.Parameter.Name, pair.Parameter.Shape)))],
            (index, decision) =>
            {
                (ShapedParameter parameter, SubspaceMomentumOptions options) = parameters[index];
                sizes = sizes.Including(parameter.Name, parameter.Shape, options);
                return SubspaceMomentumTensor.Fields(parameter.Name, parameter.Shape, decision, options);
            },
            () => sizes.AllBytes);
    }

    private protected override bool FinishesTensors => true;

    private protected override void Advance(int index) => _tensors[index].Advance();

    // Subspaces and subsets want the whole tensor: all is done when the pieces are.
    private protected override void UpdatePiece(int index, int start, Span<float> w, ReadOnlySpan<float> g, int worker)
    {
    }

    private protected override void Finish(int index)
    {
        SubspaceMomentumTensor tensor = _tensors[index];
        ScratchArea area = _scratch.Area(0);
        Span<float> row = area.Take<float>(_sizes.Row);
        ReadOnlySpan<float> numerator = tensor.Layout is { } layout ? MomentumInSubspace(tensor, layout, area) : Momentum(tensor);
        double rate = tensor.Group.LearningRate;
        float step = (float)(-rate * BiasCorrection.Of(tensor.Group, tensor.Step, tensor.Options.BiasCorrection));
        Span<float> w = tensor.Parameter.Values.Span;
        if (tensor.V is { } moment)
        {
            Descend(tensor, moment, numerator, step, row);
        }
        else
        {
            VectorKernels.MultiplyAdd(w, step, numerator, w);
        }

        if (tensor.Group.WeightDecay > 0)
        {
            VectorKernels.Scale(w, (float)(1 - (rate * tensor.Group.WeightDecay)));                     // (6)
        }
    }

    // (4), (5): all rows enter the second moments before the first is divided, for where columns share them.
    private static void Descend(
        SubspaceMomentumTensor tensor, SubsetMoment moment, ReadOnlySpan<float> numerator, float step, Span<float> row)
    {
        ReadOnlySpan<float> gradient = tensor.Parameter.Gradient.Span;
        Span<float> w = tensor.Parameter.Values.Span;
        moment.Begin(tensor.Group.Beta2, tensor.Group.Epsilon);
        for (int start = 0; start < gradient.Length; start += moment.StretchLength)
        {
            moment.Add(start, gradient.Slice(start, Math.Min(moment.StretchLength, gradient.Length - start)));
        }

        moment.Fold();
        for (int start = 0; start < gradient.Length; start += moment.StretchLength)
        {
            int length = Math.Min(moment.StretchLength, gradient.Length - start);
            moment.Divide(start, numerator.Slice(start, length), row[..length]);
            VectorKernels.MultiplyAdd(w.Slice(start, length), step, row[..length], w.Slice(start, length));
        }
    }

    // Without a subspace: m, which is the numerator.
    private static ReadOnlySpan<float> Momentum(SubspaceMomentumTensor tensor)
    {
        VectorKernels.Scale(tensor.M, (float)tensor.Group.Beta1);
        VectorKernels.MultiplyAdd(tensor.M, (float)(1 - tensor.Group.Beta1), tensor.Parameter.Gradient.Span, tensor.M);
        return tensor.M;
    }

    private ReadOnlySpan<float> MomentumInSubspace(SubspaceMomentumTensor tensor, SubspaceLayout layout, ScratchArea area)
    {
        Span<float> h = area.Take<float>(_sizes.Coefficients)[..layout.CoefficientElements];
        Span<float> numerator = area.Take<float>(_sizes.Entries)[..tensor.Parameter.Length];
        Span<double> norms = area.Take<double>(_sizes.Lines);
        ReadOnlySpan<float> gradient = tensor.Parameter.Gradient.Span;
        if (tensor.IsRefresh)
        {
            tensor.Refresh(_leading, norms, Work);                                                      // (1)
        }

        gradient.CopyTo(numerator);
        if (tensor.Options.Projection == SubspaceProjection.Svd)
        {
            layout.Project(tensor.Basis, gradient, h, Work);
            MoveMomentum(tensor, h);                                                                    // (2)
            layout.Expand(1, tensor.Basis, h, 1, numerator, Work);                                      // (3)
        }
        else
        {
            LargestLines.Take(layout, gradient, tensor.Chosen, h);
            MoveMomentum(tensor, h);
            LargestLines.Add(layout, h, tensor.Chosen, numerator);
        }

        return numerator;
    }

    // m = beta1 m + (1 - beta1) h, and m - h takes the place of h.
    private static void MoveMomentum(SubspaceMomentumTensor tensor, Span<float> h)
    {
        MomentKernels.Average(tensor.M, (float)tensor.Group.Beta1, h, (float)(1 - tensor.Group.Beta1));
        VectorKernels.MultiplyAdd(tensor.M, -1, h, h);
    }
}
