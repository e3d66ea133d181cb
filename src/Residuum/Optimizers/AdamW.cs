using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Residuum.Numerics;
using Residuum.State;

namespace Residuum.Optimizers;

/// <summary>Adam with decoupled weight decay (arXiv 1711.05101), the dense baseline.</summary>
/// <remarks>
/// For every entry, with the parameter's own step t counted from 1:
/// <code>
/// m = beta1 m + (1 - beta1) g                 (1)
/// v = beta2 v + (1 - beta2) g^2               (2)
/// w = (1 - eta lambda) w - eta (m / (1 - beta1^t)) / (sqrt(v / (1 - beta2^t)) + epsilon)     (3)
/// </code>
/// State: 8 bytes per parameter. A step moves 28 bytes per parameter (g read; w, m, v read and written) and does about 14 flops.
/// </remarks>
public sealed class AdamW : ElementwiseOptimizer
{
    private readonly Moments[] _moments;

    /// <summary>Makes an optimizer of one group.</summary>
    /// <param name="parameters">What to train.</param>
    /// <param name="options">How; null for the defaults.</param>
    /// <param name="settings">Threads, guard and clipping; null for the defaults.</param>
    public AdamW(IEnumerable<Parameter> parameters, AdamWOptions? options = null, StepSettings? settings = null)
        : this([new GroupOptions<AdamWOptions>([.. parameters], options ?? new AdamWOptions())], settings)
    {
    }

    /// <summary>Makes an optimizer of several groups.</summary>
    /// <param name="groups">Parameters with their options.</param>
    /// <param name="settings">Threads, guard and clipping; null for the defaults.</param>
    public AdamW(IEnumerable<GroupOptions<AdamWOptions>> groups, StepSettings? settings = null)
        : base([.. groups.Select(group => new AdamGroup(group.Parameters, group.Options))], settings)
    {
        _moments = new Moments[Parameters.Count];
        for (int i = 0; i < _moments.Length; i++)
        {
            FieldSpec[] fields = [.. Fields(Parameters[i].Shape)];
            _moments[i] = new Moments(
                NewState<float>(Parameters[i], fields[0]), NewState<float>(Parameters[i], fields[1]), NewState<long>(Parameters[i], fields[2]));
        }
    }

    /// <inheritdoc/>
    public override string Method => "adamw";

    /// <inheritdoc/>
    public override double StepTrafficBytes => 28.0 * Parameters.Sum(parameter => (long)parameter.Length);

    /// <summary>The state of one parameter: <c>m</c>, <c>v</c> and the counter <c>step</c>.</summary>
    /// <param name="shape">The parameter's shape.</param>
    public static IReadOnlyList<FieldSpec> Fields(ReadOnlySpan<int> shape)
    {
        long[] dimensions = FieldSpec.Dimensions(shape);
        return [new("m", ElementType.F32, dimensions), new("v", ElementType.F32, dimensions), new("step", ElementType.I64)];
    }

    private protected override void Advance(int index)
    {
        Moments moments = _moments[index];
        moments.Step[0]++;
        moments.Scalars = new Scalars((AdamGroup)GroupOf(index), moments.Step[0]);
    }

    private protected override void UpdatePiece(int index, int start, Span<float> w, ReadOnlySpan<float> g, int worker)
    {
        Moments moments = _moments[index];
        UpdateKernel kernel = new()
        {
            W = w,
            G = g,
            M = moments.M.AsSpan(start, w.Length),
            V = moments.V.AsSpan(start, w.Length),
            S = moments.Scalars,
        };
        LaneLoop.Run(ref kernel, w.Length);
    }

    private sealed class Moments(float[] m, float[] v, long[] step)
    {
        public float[] M => m;

        public float[] V => v;

        public long[] Step => step;

        public Scalars Scalars { get; set; }
    }

    /// <summary>What a step needs besides the arrays, computed in double and rounded once.</summary>
    private readonly struct Scalars(AdamGroup group, long t)
    {
        public readonly float Beta1 = (float)group.Beta1;
        public readonly float Rest1 = (float)(1 - group.Beta1);
        public readonly float Beta2 = (float)group.Beta2;
        public readonly float Rest2 = (float)(1 - group.Beta2);
        public readonly float Eta = (float)(group.LearningRate / (1 - Math.Pow(group.Beta1, t)));
        public readonly float Root = (float)(1 / Math.Sqrt(1 - Math.Pow(group.Beta2, t)));
        public readonly float Epsilon = (float)group.Epsilon;
        public readonly float Decay = (float)(1 - (group.LearningRate * group.WeightDecay));
    }

    private ref struct UpdateKernel : ILaneKernel
    {
        public Span<float> W;
        public ReadOnlySpan<float> G;
        public Span<float> M;
        public Span<float> V;
        public Scalars S;

        [MethodImpl(LaneLoop.KernelOptions)]
        public readonly nuint Run<TLanes>(nuint start, nuint end)
            where TLanes : struct, ILanes<TLanes>
        {
            ref float w0 = ref MemoryMarshal.GetReference(W);
            ref float g0 = ref MemoryMarshal.GetReference(G);
            ref float m0 = ref MemoryMarshal.GetReference(M);
            ref float v0 = ref MemoryMarshal.GetReference(V);
            TLanes beta1 = TLanes.All(S.Beta1);
            TLanes rest1 = TLanes.All(S.Rest1);
            TLanes beta2 = TLanes.All(S.Beta2);
            TLanes rest2 = TLanes.All(S.Rest2);
            TLanes eta = TLanes.All(S.Eta);
            TLanes root = TLanes.All(S.Root);
            TLanes epsilon = TLanes.All(S.Epsilon);
            TLanes decay = TLanes.All(S.Decay);
            nuint i = start;
            for (; i + TLanes.Width <= end; i += TLanes.Width)
            {
                TLanes g = TLanes.Load(ref g0, i);
                TLanes m = TLanes.Fma(beta1, TLanes.Load(ref m0, i), rest1 * g);            // (1)
                TLanes v = TLanes.Fma(beta2, TLanes.Load(ref v0, i), rest2 * (g * g));      // (2)
                m.Store(ref m0, i);
                v.Store(ref v0, i);
                TLanes step = eta * m / TLanes.Fma(TLanes.Sqrt(v), root, epsilon);          // eta and root hold the bias corrections
                ((decay * TLanes.Load(ref w0, i)) - step).Store(ref w0, i);                 // (3)
            }

            return i;
        }
    }
}
