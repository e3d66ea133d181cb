using Residuum.Numerics;
using Residuum.Preconditioning;
using Residuum.State;

namespace Residuum.Optimizers;

/// <summary>One tensor of <see cref="Shampoo"/> or <see cref="SShampoo"/>: its state and the element-wise parts of its step.</summary>
internal sealed class KroneckerTensor
{
    // Entries of the update that are worked on at a time, in the first cache.
    private const int Stretch = 1024;

    private readonly float[] _v;
    private readonly MomentumMemory? _momentum;
    private readonly long[] _step = new long[1];

    public KroneckerTensor(Parameter parameter, ParameterGroup group)
    {
        Parameter = parameter;
        Group = group;
        Options = (KroneckerOptions)group.Options;
        Layout = new KroneckerLayout(parameter.Name, parameter.Shape, Options);
        Scratch.EnsureFits(Layout.FactorScratchBytes);
        Plan = WorkPlan.Create([parameter.Length], _ => MomentumMemory.BlockSize);
        _v = new float[Layout.HasGraftingMoment ? parameter.Length : 0];
        _momentum = Layout.HasMomentum ? new MomentumMemory(parameter.Length, Options.BitsOfMomentum, Options.KeepsMomentumError) : null;
        Factors = Layout.Grid is null
            ? []
            :
            [
                .. Layout.Grid.Blocks.Select(block =>
                    block.Lengths.Select(length => Options.NewFactor(length, Layout.Grid.Axes)).ToArray()),
            ];
    }

    public Parameter Parameter { get; }

    public ParameterGroup Group { get; }

    public KroneckerOptions Options { get; }

    public KroneckerLayout Layout { get; }

    /// <summary>How the element-wise parts are cut.</summary>
    public WorkPlan Plan { get; }

    /// <summary>For every block the preconditioner of every axis; none for a tensor that takes the grafting update itself.</summary>
    public AxisPreconditioner[][] Factors { get; }

    /// <summary>The steps taken before the present one, c.</summary>
    public long Count => _step[0];

    /// <summary>Whether the present step multiplies by inverse roots.</summary>
    public bool IsPreconditioned => Factors.Length > 0 && Count >= Options.StartPreconditioningStep;

    /// <summary>The fields of state.</summary>
    public IEnumerable<StateField> State()
    {
        FieldSpec[] fields = [.. Layout.Fields()];
        if (Layout.HasGraftingMoment)
        {
            yield return StateField.Of(Parameter.Name, fields[0], _v.AsMemory());
        }

        foreach (StateField field in _momentum?.State(Parameter) ?? [])
        {
            yield return field;
        }

        Memory<float>[] factors = [.. Factors.SelectMany(block => block).SelectMany(factor => factor.State())];
        for (int i = 0; i < factors.Length; i++)
        {
            yield return StateField.Of(Parameter.Name, fields[fields.Length - 1 - factors.Length + i], factors[i]);
        }

        yield return StateField.Of(Parameter.Name, fields[^1], _step.AsMemory());
    }

    /// <summary>Counts the step.</summary>
    public void Advance() => _step[0]++;

    /// <summary>The grafting update A of a piece; its second moment is brought up to date.</summary>
    public void Graft(int start, Span<float> a)
    {
        ReadOnlySpan<float> g = Parameter.Gradient.Span.Slice(start, a.Length);
        if (!Layout.HasGraftingMoment)
        {
            g.CopyTo(a);
            return;
        }

        double beta = Options.GraftingBeta2;
        bool isSum = Options.Grafting == Grafting.Adagrad || beta == 1;
        bool isCorrected = Options.Grafting == Grafting.Adam && !isSum;
        float epsilon = (float)Options.GraftingEpsilon;
        GraftingKernel kernel = new()
        {
            G = g,
            V = _v.AsSpan(start, a.Length),
            A = a,
            Keep = isSum ? 1 : (float)beta,
            Take = isSum ? 1 : (float)(1 - beta),
            Correction = isCorrected ? (float)(1 / (1 - Math.Pow(beta, Count + 1))) : 1,
            Inside = Options.GraftingEpsilonPlacement == EpsilonPlacement.Inside ? epsilon : 0,
            Outside = Options.GraftingEpsilonPlacement == EpsilonPlacement.Outside ? epsilon : 0,
        };
        LaneLoop.Run(ref kernel, a.Length);
    }

    /// <summary>From the direction to the weights: weight decay, momentum and the step itself (page, section 5.3, steps 3 to 6).</summary>
    public void Descend(int start, ReadOnlySpan<float> direction, float scale)
    {
        Span<float> stretch = stackalloc float[Stretch];
        Span<float> momentum = stackalloc float[Stretch];
        Span<float> spare = stackalloc float[Stretch];
        for (int offset = 0; offset < direction.Length; offset += Stretch)
        {
            ReadOnlySpan<float> part = direction.Slice(offset, Math.Min(Stretch, direction.Length - offset));
            Span<float> u = stretch[..part.Length];
            part.CopyTo(u);
            if (scale != 1)
            {
                VectorKernels.Scale(u, scale);
            }

            Descend(start + offset, u, momentum[..u.Length], spare[..u.Length]);
        }
    }

    private void Descend(int start, Span<float> u, Span<float> m, Span<float> spare)
    {
        Span<float> w = Parameter.Values.Span.Slice(start, u.Length);
        float lambda = (float)Group.WeightDecay;
        float mu = (float)Options.Momentum;
        if (lambda > 0 && !Options.WeightDecayAfterMomentum)
        {
            VectorKernels.MultiplyAdd(u, lambda, w, u);                     // u = u + lambda W
        }

        if (_momentum is not null)
        {
            if (Options.MomentumEma)
            {
                VectorKernels.Scale(u, (float)(1 - Options.Momentum));      // x = (1 - mu) u
            }

            _momentum.Read(m, start);
            VectorKernels.MultiplyAdd(u, mu, m, m);                         // M = x + mu M
            if (Options.Nesterov)
            {
                VectorKernels.MultiplyAdd(u, mu, m, u);                     // u = x + mu M
            }
            else
            {
                m.CopyTo(u);
            }

            _momentum.Write(m, start, spare);
        }

        if (lambda > 0 && Options.WeightDecayAfterMomentum)
        {
            VectorKernels.MultiplyAdd(u, lambda, w, u);                     // u = u + lambda W
        }

        VectorKernels.MultiplyAdd(w, (float)-Group.LearningRate, u, w);     // W = W - eta u
    }
}
