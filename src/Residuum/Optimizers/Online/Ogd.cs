using Residuum.Numerics;
using Residuum.State;

namespace Residuum.Optimizers;

/// <summary>Online gradient descent with a rate that falls as the root of time (Zinkevich 2003).</summary>
/// <remarks>
/// For every entry, with the parameter's own step t counted from 1:
/// <code>
/// w = w - eta g / sqrt(t + delta)
/// </code>
/// State: the counter alone. A step moves 12 bytes per parameter (g read; w read and written).
/// </remarks>
public sealed class Ogd : Optimizer, IWork
{
    private readonly long[][] _steps;
    private readonly float[] _rates;
    private readonly WorkPlan _plan;

    /// <summary>Makes an optimizer of one group.</summary>
    /// <param name="parameters">What to train.</param>
    /// <param name="options">How; null for the defaults.</param>
    /// <param name="settings">Threads, guard and clipping; null for the defaults.</param>
    public Ogd(IEnumerable<Parameter> parameters, OgdOptions? options = null, StepSettings? settings = null)
        : this([new GroupOptions<OgdOptions>([.. parameters], options ?? new OgdOptions())], settings)
    {
    }

    /// <summary>Makes an optimizer of several groups.</summary>
    /// <param name="groups">Parameters with their options.</param>
    /// <param name="settings">Threads, guard and clipping; null for the defaults.</param>
    public Ogd(IEnumerable<GroupOptions<OgdOptions>> groups, StepSettings? settings = null)
        : base([.. groups.Select(group => new OnlineGroup(group.Parameters, group.Options))], settings)
    {
        _steps = new long[Parameters.Count][];
        _rates = new float[Parameters.Count];
        for (int i = 0; i < _steps.Length; i++)
        {
            _steps[i] = new long[1];
            AddState(Parameters[i], Fields()[0], _steps[i].AsMemory());
        }

        _plan = WorkPlan.Create([.. Parameters.Select(parameter => parameter.Length)], _ => 1);
    }

    /// <inheritdoc/>
    public override string Method => "ogd";

    /// <inheritdoc/>
    public override double StepTrafficBytes => 12.0 * Parameters.Sum(parameter => (long)parameter.Length);

    /// <summary>The state of one parameter: the counter <c>step</c>.</summary>
    public static IReadOnlyList<FieldSpec> Fields() => [new("step", ElementType.I64)];

    /// <inheritdoc/>
    protected override void Update()
    {
        for (int i = 0; i < _steps.Length; i++)
        {
            if (Parameters[i].HasGradient)
            {
                _steps[i][0]++;
                ParameterGroup group = GroupOf(i);
                _rates[i] = (float)(group.LearningRate / Math.Sqrt(_steps[i][0] + ((OgdOptions)group.Options).Delta));
            }
        }

        Work.Run(this, _plan.Chunks);
    }

    void IWork.Run(int chunk, int worker)
    {
        foreach (WorkPlan.Piece piece in _plan.Chunk(chunk))
        {
            Parameter parameter = Parameters[piece.Tensor];
            if (parameter.HasGradient)
            {
                Span<float> w = parameter.Values.Span.Slice(piece.Start, piece.Length);
                VectorKernels.MultiplyAdd(w, -_rates[piece.Tensor], parameter.Gradient.Span.Slice(piece.Start, piece.Length), w);
            }
        }
    }
}
