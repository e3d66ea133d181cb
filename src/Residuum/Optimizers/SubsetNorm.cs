using Residuum.Numerics;
using Residuum.Preconditioning;
using Residuum.State;

namespace Residuum.Optimizers;

/// <summary>Adam, AdaGrad or RMSprop whose second moment is one number for a subset of a tensor's entries (arXiv 2411.07120).</summary>
/// <remarks>
/// With the parameter's own step t counted from 1, and the subset of each entry as <see cref="SubsetNormOptions.SubsetSize"/> says:
/// <code>
/// V = beta2 V + (1 - beta2) sum of g^2 over the subset; with beta2 = 1 V = V + sum      (1)
/// m = beta1 m + (1 - beta1) g; with beta1 = 0 m = g, which needs no state               (2)
/// w = w - eta c m / (sqrt(V) + epsilon), c = sqrt(1 - beta2^t) / (1 - beta1^t) or 1     (3)  epsilon before the bias correction
/// w = w - eta lambda w                                                                  (4)  decay last
/// </code>
/// State: 4 bytes per parameter and 4 per subset; without first moment 4 per subset.
/// </remarks>
public sealed class SubsetNorm : Optimizer
{
    private readonly Tensor[] _tensors;
    private readonly RowPasses _passes;
    private readonly RowPass _addColumns;
    private readonly RowPass _descend;
    private readonly Scratch _scratch;

    /// <summary>Makes an optimizer of one group.</summary>
    /// <param name="parameters">What to train.</param>
    /// <param name="options">How; null for the defaults.</param>
    /// <param name="settings">Threads, guard and clipping; null for the defaults.</param>
    /// <exception cref="ArgumentException">A tensor is too small for the subsets.</exception>
    public SubsetNorm(IEnumerable<Parameter> parameters, SubsetNormOptions? options = null, StepSettings? settings = null)
        : this([new GroupOptions<SubsetNormOptions>([.. parameters], options ?? new SubsetNormOptions())], settings)
    {
    }

    /// <summary>Makes an optimizer of several groups.</summary>
    /// <param name="groups">Parameters with their options.</param>
    /// <param name="settings">Threads, guard and clipping; null for the defaults.</param>
    /// <exception cref="ArgumentException">A tensor is too small for the subsets.</exception>
    public SubsetNorm(IEnumerable<GroupOptions<SubsetNormOptions>> groups, StepSettings? settings = null)
        : base([.. groups.Select(group => new SubsetNormGroup(group.Parameters, group.Options))], settings)
    {
        _tensors = new Tensor[Parameters.Count];
        for (int i = 0; i < _tensors.Length; i++)
        {
            Parameter parameter = Parameters[i];
            _tensors[i] = new Tensor(parameter, (SubsetNormGroup)GroupOf(i));
            if (_tensors[i].Options.Beta1 > 0)
            {
                AddState(parameter, new FieldSpec("m", ElementType.F32, FieldSpec.Dimensions(parameter.Shape)), _tensors[i].M.AsMemory());
            }

            AddState(_tensors[i].V.State(parameter.Name));
            AddState(parameter, new FieldSpec("step", ElementType.I64), _tensors[i].Step.AsMemory());
        }

        _passes = new RowPasses(Parameters, i => _tensors[i].V.StretchLength, i => _tensors[i].V.Granule, Work);
        _scratch = _passes.NewScratch();
        _addColumns = AddColumns;
        _descend = Descend;
    }

    /// <inheritdoc/>
    public override string Method => "subset-norm";

    /// <inheritdoc/>
    /// <remarks>Moments of columns read the gradient once more.</remarks>
    public override double StepTrafficBytes => (2 * StateBytes) + _tensors.Sum(tensor => (tensor.V.IsByColumn ? 16.0 : 12.0) * tensor.Parameter.Length);

    /// <inheritdoc/>
    public override long ScratchBytes => _scratch.Bytes + _tensors.Sum(tensor => SubsetMoment.ScratchBytes(tensor.Parameter.Shape, tensor.Options.SubsetSize));

    /// <summary>The state of one parameter: <c>m</c> (where beta1 is not 0), <c>v</c> (one number a subset) and the counter <c>step</c>.</summary>
    /// <param name="shape">The parameter's shape.</param>
    /// <param name="options">Its options.</param>
    /// <exception cref="ArgumentException">The tensor is too small for the subsets.</exception>
    public static IReadOnlyList<FieldSpec> Fields(ReadOnlySpan<int> shape, SubsetNormOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        FieldSpec[] m = options.Beta1 > 0 ? [new("m", ElementType.F32, FieldSpec.Dimensions(shape))] : [];
        return [.. m, SubsetMoment.Field("v", shape, options.SubsetSize), new("step", ElementType.I64)];
    }

    internal static long PlanScratchBytes(IReadOnlyList<(ShapedParameter Parameter, SubsetNormOptions Options)> parameters, int threads)
    {
        int longest = 0;
        long bytes = 0;
        foreach ((ShapedParameter parameter, SubsetNormOptions options) in parameters)
        {
            longest = Math.Max(longest, Math.Min(SubsetMoment.StretchLengthOf([.. parameter.Shape], options.SubsetSize), parameter.Length));
            bytes += SubsetMoment.ScratchBytes([.. parameter.Shape], options.SubsetSize);
        }

        return bytes + RowPasses.ScratchBytes(longest, threads);
    }

    /// <inheritdoc/>
    protected override void Update()
    {
        foreach (Tensor tensor in _tensors)
        {
            if (tensor.Parameter.HasGradient)
            {
                tensor.Advance();
            }
        }

        _passes.Run(_addColumns);
        foreach (Tensor tensor in _tensors)
        {
            if (tensor.Parameter.HasGradient)
            {
                tensor.V.Fold();
            }
        }

        _passes.Run(_descend);
    }

    private double AddColumns(int index, RowPasses.Row row, int worker)
    {
        Tensor tensor = _tensors[index];
        if (tensor.V.IsByColumn)
        {
            tensor.V.Add(row.Start, row.Of(tensor.Parameter.Gradient));                     // (1)
        }

        return 0;
    }

    private double Descend(int index, RowPasses.Row row, int worker)
    {
        Tensor tensor = _tensors[index];
        Span<float> w = row.Of(tensor.Parameter.Values);
        ReadOnlySpan<float> g = row.Of(tensor.Parameter.Gradient);
        Span<float> u = _scratch.Area(worker).Take<float>(row.Length);
        if (!tensor.V.IsByColumn)
        {
            tensor.V.Add(row.Start, g);                                                     // (1)
        }

        ReadOnlySpan<float> numerator = g;
        if (tensor.M.Length > 0)
        {
            Span<float> m = row.Of(tensor.M);
            MomentKernels.Average(m, tensor.Beta1, g, tensor.Rest1);                        // (2)
            numerator = m;
        }

        tensor.V.Divide(row.Start, numerator, u);
        VectorKernels.MultiplyAdd(w, -tensor.Eta, u, w);                                    // (3)
        VectorKernels.Scale(w, tensor.Decay);                                               // (4)
        return 0;
    }

    /// <summary>What is kept of one parameter, and what its entries have in common in a step.</summary>
    private sealed class Tensor(Parameter parameter, SubsetNormGroup group)
    {
        public Parameter Parameter => parameter;

        public SubsetNormOptions Options { get; } = (SubsetNormOptions)group.Options;

        public float[] M { get; } = new float[group.Beta1 > 0 ? parameter.Length : 0];

        public SubsetMoment V { get; } = new("v", parameter.Shape, ((SubsetNormOptions)group.Options).SubsetSize);

        public long[] Step { get; } = new long[1];

        public float Beta1 { get; private set; }

        public float Rest1 { get; private set; }

        public float Eta { get; private set; }

        public float Decay { get; private set; }

        public void Advance()
        {
            long t = ++Step[0];
            double correction = Options.BiasCorrection ? Math.Sqrt(1 - Math.Pow(group.Beta2, t)) / (1 - Math.Pow(group.Beta1, t)) : 1;
            Beta1 = (float)group.Beta1;
            Rest1 = (float)(1 - group.Beta1);
            Eta = (float)(group.LearningRate * correction);
            Decay = (float)(1 - (group.LearningRate * group.WeightDecay));
            V.Begin(group.Beta2, group.Epsilon);
        }
    }
}
