using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Residuum.Numerics;
using Residuum.State;

namespace Residuum.Optimizers;

/// <summary>Diagonal AdaGrad (Duchi, Hazan and Singer 2011).</summary>
/// <remarks>
/// For every entry:
/// <code>
/// H = delta + sum of g^2 so far, the present one included
/// w = w - eta g / sqrt(H)                     nothing where H = 0
/// </code>
/// State: 4 bytes per parameter, the sum without delta. A step moves 20 bytes per parameter (g read; w and the sum read and written).
/// </remarks>
public sealed class AdaGrad : ElementwiseOptimizer
{
    private readonly float[][] _sums;

    /// <summary>Makes an optimizer of one group.</summary>
    /// <param name="parameters">What to train.</param>
    /// <param name="options">How; null for the defaults.</param>
    /// <param name="settings">Threads, guard and clipping; null for the defaults.</param>
    /// <exception cref="ArgumentException">There is no parameter, two have the same name, or an option is out of its range.</exception>
    public AdaGrad(IEnumerable<Parameter> parameters, AdaGradOptions? options = null, StepSettings? settings = null)
        : this([new GroupOptions<AdaGradOptions>([.. parameters], options ?? new AdaGradOptions())], settings)
    {
    }

    /// <summary>Makes an optimizer of several groups.</summary>
    /// <param name="groups">Parameters with their options.</param>
    /// <param name="settings">Threads, guard and clipping; null for the defaults.</param>
    /// <exception cref="ArgumentException">There is no parameter, two have the same name, or an option is out of its range.</exception>
    public AdaGrad(IEnumerable<GroupOptions<AdaGradOptions>> groups, StepSettings? settings = null)
        : base([.. groups.Select(group => new OnlineGroup(group.Parameters, group.Options))], settings) =>
        _sums = [.. Parameters.Select(parameter => NewState<float>(parameter, Fields(parameter.Shape)[0]))];

    /// <inheritdoc/>
    public override string Method => "adagrad";

    /// <inheritdoc/>
    public override double StepTrafficBytes => 20.0 * Parameters.Sum(parameter => (long)parameter.Length);

    /// <summary>The state of one parameter: <c>sum</c> of its shape.</summary>
    /// <param name="shape">The parameter's shape.</param>
    public static IReadOnlyList<FieldSpec> Fields(ReadOnlySpan<int> shape) => [new("sum", ElementType.F32, FieldSpec.Dimensions(shape))];

    // The method counts no steps, and its entries have nothing in common.
    private protected override void Advance(int index)
    {
    }

    private protected override void UpdatePiece(int index, int start, Span<float> w, ReadOnlySpan<float> g, int worker)
    {
        ParameterGroup group = GroupOf(index);
        UpdateKernel kernel = new()
        {
            W = w,
            G = g,
            Sum = _sums[index].AsSpan(start, w.Length),
            Eta = (float)group.LearningRate,
            Delta = (float)((AdaGradOptions)group.Options).Delta,
        };
        LaneLoop.Run(ref kernel, w.Length);
    }

    private ref struct UpdateKernel : ILaneKernel
    {
        public Span<float> W;
        public ReadOnlySpan<float> G;
        public Span<float> Sum;
        public float Eta;
        public float Delta;

        [MethodImpl(LaneLoop.KernelOptions)]
        public readonly nuint Run<TLanes>(nuint start, nuint end)
            where TLanes : struct, ILanes<TLanes>
        {
            ref float w0 = ref MemoryMarshal.GetReference(W);
            ref float g0 = ref MemoryMarshal.GetReference(G);
            ref float sum0 = ref MemoryMarshal.GetReference(Sum);
            TLanes eta = TLanes.All(Eta);
            TLanes delta = TLanes.All(Delta);
            TLanes zero = TLanes.All(0);
            nuint i = start;
            for (; i + TLanes.Width <= end; i += TLanes.Width)
            {
                TLanes g = TLanes.Load(ref g0, i);
                TLanes sum = TLanes.Fma(g, g, TLanes.Load(ref sum0, i));
                sum.Store(ref sum0, i);
                TLanes h = sum + delta;
                TLanes step = eta * g / TLanes.Sqrt(h);
                (TLanes.Load(ref w0, i) - TLanes.Select(TLanes.EqualTo(h, zero), zero, step)).Store(ref w0, i);
            }

            return i;
        }
    }
}
