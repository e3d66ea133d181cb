using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Residuum.Compression;
using Residuum.Numerics;
using Residuum.State;

namespace Residuum.Optimizers;

/// <summary>
/// Adam on the gradient's projection on a low-rank subspace that is renewed now and then (arXiv 2403.03507); what the projection loses is
/// lost.
/// </summary>
/// <remarks>
/// For every low-rank parameter W of m x n with gradient G, at its own step t from 1, in the left form (page of the baselines, section 3):
/// <code>
/// U = the r leading left singular vectors of G                                    (1)  at t = 1, T + 1, 2 T + 1, ...
/// R = U^T G                                                                       (2)
/// m = beta1 m + (1 - beta1) R;  v = beta2 v + (1 - beta2) R o R                   (3)  neither turned nor reset when U changes
/// N = m / (sqrt(v) + epsilon)                                                     (4)
/// W = W - alpha eta sqrt(1 - beta2^t) / (1 - beta1^t) U N                         (5)
/// W = (1 - eta lambda) W                                                          (6)
/// </code>
/// Because moments are kept while the basis changes, the signs of singular vectors matter: in each the entry of largest magnitude is
/// positive. Other parameters take the same steps without projection and alpha. State of a matrix with sides L >= S: r (2 L + S) numbers.
/// </remarks>
public sealed class GaLore : ElementwiseOptimizer
{
    private readonly GaLoreMatrix?[] _matrices;
    private readonly AdamMoments?[] _dense;
    private readonly GaLoreScratchSizes _sizes;
    private readonly Scratch _scratch;
    private readonly LeadingSubspace? _leading;

    /// <summary>Makes an optimizer of one group.</summary>
    /// <param name="parameters">What to train.</param>
    /// <param name="options">How; null for the defaults.</param>
    /// <param name="settings">Threads, guard and clipping; null for the defaults.</param>
    /// <exception cref="ArgumentException">
    /// There is no parameter, two have the same name, an option is out of its range, or a parameter must be low-rank and cannot be.
    /// </exception>
    public GaLore(IEnumerable<Parameter> parameters, GaLoreOptions? options = null, StepSettings? settings = null)
        : this([new GroupOptions<GaLoreOptions>([.. parameters], options ?? new GaLoreOptions())], settings)
    {
    }

    /// <summary>Makes an optimizer of several groups.</summary>
    /// <param name="groups">Parameters with their options.</param>
    /// <param name="settings">Threads, guard and clipping; null for the defaults.</param>
    /// <exception cref="ArgumentException">A parameter must be low-rank and cannot be.</exception>
    public GaLore(IEnumerable<GroupOptions<GaLoreOptions>> groups, StepSettings? settings = null)
        : base([.. groups.Select(group => new AdamGroup(group.Parameters, group.Options))], settings)
    {
        _matrices = new GaLoreMatrix?[Parameters.Count];
        _dense = new AdamMoments?[Parameters.Count];
        for (int i = 0; i < Parameters.Count; i++)
        {
            AdamGroup group = (AdamGroup)GroupOf(i);
            LowRankDecision decision = ((GaLoreOptions)group.Options).Decide(Parameters[i].Name, Parameters[i].Shape.ToArray());
            if (decision.Layout is null)
            {
                _dense[i] = new AdamMoments(Parameters[i], group, StateArena.Apart);
                AddState(_dense[i]!.State());
            }
            else
            {
                _matrices[i] = new GaLoreMatrix(Parameters[i], group, decision);
                AddState(_matrices[i]!.State());
                _sizes = _sizes.Including(decision);
            }
        }

        _scratch = new Scratch(1, _sizes.Bytes);
        _leading = _sizes.Leading.IsEmpty ? null : new LeadingSubspace(_sizes.Leading);
    }

    /// <inheritdoc/>
    public override string Method => "galore";

    /// <inheritdoc/>
    public override long ScratchBytes => _sizes.AllBytes;

    /// <inheritdoc/>
    /// <remarks>
    /// Of a matrix, between two bases: the gradient is read, the weights and the moments are read and written, the basis is read twice.
    /// </remarks>
    public override double StepTrafficBytes
    {
        get
        {
            double bytes = 0;
            for (int i = 0; i < Parameters.Count; i++)
            {
                double weights = Parameters[i].Length;
                bytes += _matrices[i] is { } matrix
                    ? (12 * weights) + (8.0 * (matrix.Basis.Length + matrix.InnerBasis.Length + (2 * matrix.M.Length)))
                    : AdamMoments.TrafficBytes * weights;
            }

            return bytes;
        }
    }

    internal static MemoryPlan Plan(IReadOnlyList<(ShapedParameter Parameter, GaLoreOptions Options)> parameters)
    {
        GaLoreScratchSizes sizes = default;
        return LowRankPlan.Of(
            [.. parameters.Select(pair => (pair.Parameter, pair.Options.Decide(pair.Parameter.Name, pair.Parameter.Shape)))],
            (index, decision) =>
            {
                if (decision.Layout is null)
                {
                    return AdamW.Fields([.. parameters[index].Parameter.Shape]);
                }

                sizes = sizes.Including(decision);
                return GaLoreMatrix.Fields(decision);
            },
            () => sizes.AllBytes);
    }

    private protected override bool FinishesTensors => true;

    private protected override void Advance(int index)
    {
        _matrices[index]?.Advance();
        _dense[index]?.AdvanceDecayLast(((GaLoreOptions)GroupOf(index).Options).BiasCorrection);
    }

    private protected override void UpdatePiece(int index, int start, Span<float> w, ReadOnlySpan<float> g, int worker) =>
        _dense[index]?.Update(start, w, g);

    private protected override void Finish(int index)
    {
        if (_matrices[index] is { } matrix)
        {
            StepMatrix(matrix);
        }
    }

    private void StepMatrix(GaLoreMatrix matrix)
    {
        ScratchArea area = _scratch.Area(0);
        SubspaceLayout layout = matrix.Layout;
        Span<float> projected = area.Take<float>(_sizes.Coefficients)[..layout.CoefficientElements];
        Span<float> inner = area.Take<float>(_sizes.Inner);
        if (matrix.IsRefresh)
        {
            matrix.Refresh(_leading!, Work);                                                                    // (1)
        }

        layout.Project(matrix.Basis, matrix.Parameter.Gradient.Span, projected, Work);                          // (2)
        if (matrix.Inner is { } second)
        {
            inner = inner[..second.CoefficientElements];
            second.Project(matrix.InnerBasis, projected, inner, Work);
            Moments(matrix, inner);
            second.Expand(1, matrix.InnerBasis, inner, 0, projected, Work);
        }
        else
        {
            Moments(matrix, projected);
        }

        double rate = matrix.Group.LearningRate;
        double step = matrix.Options.Scale * rate * BiasCorrection.Of(matrix.Group, matrix.Step, matrix.Options.BiasCorrection);
        double decay = 1 - (rate * matrix.Group.WeightDecay);
        layout.Expand((float)(-decay * step), matrix.Basis, projected, (float)decay, matrix.Parameter.Values.Span, Work);     // (5), (6)
    }

    // (3), (4): the projected gradient is replaced by N.
    private static void Moments(GaLoreMatrix matrix, Span<float> projected)
    {
        MomentsKernel kernel = new()
        {
            R = projected,
            M = matrix.M,
            V = matrix.V,
            Scalars = new AdamScalars(matrix.Group, matrix.Step) { Eta = 1, Root = 1 },
        };
        LaneLoop.Run(ref kernel, projected.Length);
    }

    private ref struct MomentsKernel : ILaneKernel
    {
        public Span<float> R;
        public Span<float> M;
        public Span<float> V;
        public AdamScalars Scalars;

        [MethodImpl(LaneLoop.KernelOptions)]
        public readonly nuint Run<TLanes>(nuint start, nuint end)
            where TLanes : struct, ILanes<TLanes>
        {
            ref float r0 = ref MemoryMarshal.GetReference(R);
            ref float m0 = ref MemoryMarshal.GetReference(M);
            ref float v0 = ref MemoryMarshal.GetReference(V);
            AdamLanes<TLanes> adam = new(Scalars);
            nuint i = start;
            for (; i + TLanes.Width <= end; i += TLanes.Width)
            {
                TLanes r = TLanes.Load(ref r0, i);
                TLanes m = adam.First(TLanes.Load(ref m0, i), r);
                TLanes v = adam.Second(TLanes.Load(ref v0, i), r);
                m.Store(ref m0, i);
                v.Store(ref v0, i);
                adam.Step(m, v).Store(ref r0, i);
            }

            return i;
        }
    }
}
