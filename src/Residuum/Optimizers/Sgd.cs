using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Residuum.Numerics;
using Residuum.State;

namespace Residuum.Optimizers;

/// <summary>Stochastic gradient descent, with momentum where asked (the form of torch.optim.SGD).</summary>
/// <remarks>
/// For every entry, with the parameter's own step t counted from 1:
/// <code>
/// g' = g + lambda w                                            (1)  coupled weight decay
/// b  = g' at t = 1, then mu b + (1 - dampening) g'              (2)  the first gradient is not dampened
/// w  = w - eta d,  d = g' + mu b (Nesterov), b, or g' without momentum   (3)
/// </code>
/// A step at which mu is 0 takes d = g', leaves b as it is and is not counted by t.
/// State: 4 bytes per parameter with momentum, else none. A step moves 20 bytes per parameter, 12 without momentum.
/// </remarks>
public sealed class Sgd : ElementwiseOptimizer
{
    private readonly Buffer[] _buffers;

    /// <summary>Makes an optimizer of one group.</summary>
    /// <param name="parameters">What to train.</param>
    /// <param name="options">How; null for the defaults.</param>
    /// <param name="settings">Threads, guard and clipping; null for the defaults.</param>
    /// <exception cref="ArgumentException">There is no parameter, two have the same name, or an option is out of its range.</exception>
    public Sgd(IEnumerable<Parameter> parameters, SgdOptions? options = null, StepSettings? settings = null)
        : this([new GroupOptions<SgdOptions>([.. parameters], options ?? new SgdOptions())], settings)
    {
    }

    /// <summary>Makes an optimizer of several groups.</summary>
    /// <param name="groups">Parameters with their options.</param>
    /// <param name="settings">Threads, guard and clipping; null for the defaults.</param>
    /// <exception cref="ArgumentException">There is no parameter, two have the same name, or an option is out of its range.</exception>
    public Sgd(IEnumerable<GroupOptions<SgdOptions>> groups, StepSettings? settings = null)
        : base([.. groups.Select(group => new SgdGroup(group.Parameters, group.Options))], settings)
    {
        _buffers = new Buffer[Parameters.Count];
        for (int i = 0; i < _buffers.Length; i++)
        {
            FieldSpec[] fields = [.. Fields(Parameters[i].Shape, (SgdOptions)GroupOf(i).Options)];
            _buffers[i] = fields.Length > 0
                ? new Buffer(NewState<float>(Parameters[i], fields[0]), NewState<long>(Parameters[i], fields[1]))
                : new Buffer([], []);
        }
    }

    /// <inheritdoc/>
    public override string Method => "sgd";

    /// <inheritdoc/>
    public override double StepTrafficBytes => (12.0 * Parameters.Sum(parameter => (long)parameter.Length)) + (2 * StateBytes);

    /// <summary>The state of one parameter: <c>momentum_buffer</c> and the counter <c>step</c>, or nothing without momentum.</summary>
    /// <param name="shape">The parameter's shape.</param>
    /// <param name="options">Its options.</param>
    public static IReadOnlyList<FieldSpec> Fields(ReadOnlySpan<int> shape, SgdOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return options.Momentum > 0
            ? [new("momentum_buffer", ElementType.F32, FieldSpec.Dimensions(shape)), new("step", ElementType.I64)]
            : [];
    }

    private protected override void Advance(int index)
    {
        Buffer buffer = _buffers[index];
        SgdGroup group = (SgdGroup)GroupOf(index);
        bool isFirst = group.Momentum > 0 && ++buffer.Step[0] == 1;
        buffer.Scalars = new Scalars(group, isFirst);
    }

    private protected override void UpdatePiece(int index, int start, Span<float> w, ReadOnlySpan<float> g, int worker)
    {
        Buffer buffer = _buffers[index];
        if (buffer.Step.Length == 0)
        {
            PlainKernel plain = new() { W = w, G = g, S = buffer.Scalars };
            LaneLoop.Run(ref plain, w.Length);
        }
        else
        {
            MomentumKernel momentum = new() { W = w, G = g, B = buffer.Momentum.AsSpan(start, w.Length), S = buffer.Scalars };
            LaneLoop.Run(ref momentum, w.Length);
        }
    }

    /// <summary>Momentum and step counter; without momentum, neither.</summary>
    private sealed class Buffer(float[] momentum, long[] step)
    {
        public float[] Momentum => momentum;

        public long[] Step => step;

        public Scalars Scalars { get; set; }
    }

    /// <summary>What a step needs besides the arrays. The direction is <c>OfGradient * g' + OfBuffer * b</c>.</summary>
    private readonly struct Scalars
    {
        public readonly float Eta;
        public readonly float Lambda;
        public readonly float Keep;
        public readonly float Take;
        public readonly float OfGradient;
        public readonly float OfBuffer;

        public Scalars(SgdGroup group, bool first)
        {
            SgdOptions options = (SgdOptions)group.Options;
            Eta = (float)group.LearningRate;
            Lambda = (float)group.WeightDecay;
            (Keep, Take) = group.Momentum == 0 ? (1, 0) : first ? (0, 1) : ((float)group.Momentum, (float)(1 - options.Dampening));
            (OfGradient, OfBuffer) = group.Momentum == 0 ? (1, 0) : options.Nesterov ? (1, (float)group.Momentum) : (0, 1);
        }
    }

    private ref struct PlainKernel : ILaneKernel
    {
        public Span<float> W;
        public ReadOnlySpan<float> G;
        public Scalars S;

        [MethodImpl(LaneLoop.KernelOptions)]
        public readonly nuint Run<TLanes>(nuint start, nuint end)
            where TLanes : struct, ILanes<TLanes>
        {
            ref float w0 = ref MemoryMarshal.GetReference(W);
            ref float g0 = ref MemoryMarshal.GetReference(G);
            TLanes eta = TLanes.All(S.Eta);
            TLanes lambda = TLanes.All(S.Lambda);
            nuint i = start;
            for (; i + TLanes.Width <= end; i += TLanes.Width)
            {
                TLanes w = TLanes.Load(ref w0, i);
                TLanes g = TLanes.Fma(lambda, w, TLanes.Load(ref g0, i));           // (1)
                (w - (eta * g)).Store(ref w0, i);                                   // (3)
            }

            return i;
        }
    }

    private ref struct MomentumKernel : ILaneKernel
    {
        public Span<float> W;
        public ReadOnlySpan<float> G;
        public Span<float> B;
        public Scalars S;

        [MethodImpl(LaneLoop.KernelOptions)]
        public readonly nuint Run<TLanes>(nuint start, nuint end)
            where TLanes : struct, ILanes<TLanes>
        {
            ref float w0 = ref MemoryMarshal.GetReference(W);
            ref float g0 = ref MemoryMarshal.GetReference(G);
            ref float b0 = ref MemoryMarshal.GetReference(B);
            TLanes eta = TLanes.All(S.Eta);
            TLanes lambda = TLanes.All(S.Lambda);
            TLanes keep = TLanes.All(S.Keep);
            TLanes take = TLanes.All(S.Take);
            TLanes ofGradient = TLanes.All(S.OfGradient);
            TLanes ofBuffer = TLanes.All(S.OfBuffer);
            nuint i = start;
            for (; i + TLanes.Width <= end; i += TLanes.Width)
            {
                TLanes w = TLanes.Load(ref w0, i);
                TLanes g = TLanes.Fma(lambda, w, TLanes.Load(ref g0, i));                           // (1)
                TLanes b = TLanes.Fma(keep, TLanes.Load(ref b0, i), take * g);                      // (2)
                b.Store(ref b0, i);
                TLanes direction = TLanes.Fma(ofBuffer, b, ofGradient * g);
                (w - (eta * direction)).Store(ref w0, i);                                           // (3)
            }

            return i;
        }
    }
}
