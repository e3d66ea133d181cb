using Residuum.Numerics;
using Residuum.Optimizers;
using Residuum.State;

namespace Residuum.Distributed.Exchange;

/// <summary>SGD whose updates, not gradients, are exchanged (methods page of ConEF, section 1, "localStep").</summary>
/// <remarks>
/// Each rank makes its own update, with its own momentum; the exchange compresses and averages updates; the step subtracts the mean:
/// <code>
/// g = g_i + lambda x,  m_i = g at first, then mu m_i + g,  u = m_i, or g + mu m_i (Nesterov), or g without momentum
/// p_i = eta u + e_i,   x = x - mean_i Q(p_i)
/// </code>
/// The momentum belongs to the rank, so the exchange keeps it among what ranks remember. Clipping is of each rank's own gradient g_i: a
/// bound on gradients means nothing for updates, and what it cut off the exchanged update would be lost to the errors.
/// </remarks>
internal sealed class LocalStepSgd : Optimizer
{
    private readonly float[][] _momentum;
    private readonly long[][] _steps;
    private StepReport _clipped;

    public LocalStepSgd(IEnumerable<GroupOptions<SgdOptions>> groups, StepSettings? settings = null)
        : base([.. groups.Select(group => new SgdGroup(group.Parameters, group.Options))], settings)
    {
        _momentum =
        [
            .. Parameters.Select((parameter, i) => new float[((SgdOptions)GroupOf(i).Options).Momentum > 0 ? parameter.Length : 0]),
        ];
        _steps = [.. Parameters.Select(_ => new long[1])];
    }

    public override string Method => "sgd";

    public override double StepTrafficBytes => 12.0 * Parameters.Sum(parameter => (long)parameter.Length);

    /// <summary>What this rank remembers of a parameter: <c>momentum_buffer</c>, or nothing without momentum.</summary>
    public IEnumerable<StateField> RankState(int index) => _momentum[index].Length == 0
        ? []
        : [StateField.Of(Parameters[index].Name, MomentumSpec(index), _momentum[index].AsMemory())];

    /// <summary>What all ranks remember alike of a parameter: how many updates it has had, or nothing without momentum.</summary>
    public IEnumerable<StateField> SharedState(int index) => _momentum[index].Length == 0
        ? []
        : [StateField.Of(Parameters[index].Name, new FieldSpec("step", ElementType.I64), _steps[index].AsMemory())];

    /// <summary>Clips this rank's gradients, before they become updates.</summary>
    public void ClipGradients() => _clipped = base.GuardAndClip();

    /// <summary>Replaces a gradient by this rank's update eta u.</summary>
    public void MakeUpdate(int index)
    {
        SgdGroup group = (SgdGroup)GroupOf(index);
        Span<float> g = Parameters[index].Gradient.Span;
        float mu = (float)group.Momentum;
        VectorKernels.MultiplyAdd(g, (float)group.WeightDecay, Parameters[index].Values.Span, g);
        float[] m = _momentum[index];
        if (mu > 0)
        {
            float keep = _steps[index][0] == 0 ? 0 : mu;
            _steps[index][0]++;
            VectorKernels.MultiplyAdd(g, keep, m, m);
            if (((SgdOptions)group.Options).Nesterov)
            {
                VectorKernels.MultiplyAdd(g, mu, m, g);
            }
            else
            {
                m.CopyTo(g);
            }
        }

        VectorKernels.Scale(g, (float)group.LearningRate);
    }

    /// <summary>What was found of the gradients: by now their place has the exchanged updates.</summary>
    internal override StepReport GuardAndClip() => _clipped;

    /// <summary><c>x = x - d</c>.</summary>
    protected override void Update()
    {
        foreach (Parameter parameter in Parameters)
        {
            if (parameter.HasGradient)
            {
                VectorKernels.MultiplyAdd(parameter.Values.Span, -1, parameter.Gradient.Span, parameter.Values.Span);
            }
        }
    }

    private FieldSpec MomentumSpec(int index) =>
        new("momentum_buffer", ElementType.F32, FieldSpec.Dimensions(Parameters[index].Shape));
}
