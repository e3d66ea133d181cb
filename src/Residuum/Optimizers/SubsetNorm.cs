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
    private readonly RowStage[] _stages;
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
        : base([.. groups.Select(group => new AdamGroup(group.Parameters, group.Options))], settings)
    {
        _tensors = new Tensor[Parameters.Count];
        for (int i = 0; i < _tensors.Length; i++)
        {
            Parameter parameter = Parameters[i];
            _tensors[i] = new Tensor(parameter, (AdamGroup)GroupOf(i));
            AddState(_tensors[i].State());
        }

        _passes = new RowPasses(Parameters, i => _tensors[i].V.StretchLength, i => _tensors[i].V.Granule, Work);
        _scratch = _passes.NewScratch();
        _stages = [new RowStage(AddColumns, (i, _) => _tensors[i].V.Fold()), new RowStage(Descend)];
    }

    /// <inheritdoc/>
    public override string Method => "subset-norm";

    /// <inheritdoc/>
    /// <remarks>Moments of columns read the gradient once more, where the caches do not hold it.</remarks>
    public override double StepTrafficBytes => (2 * StateBytes) + _tensors.Select((tensor, i) =>
        (tensor.V.IsByColumn && !_passes.IsInCache(i) ? 16.0 : 12.0) * tensor.Parameter.Length).Sum();

    /// <inheritdoc/>
    public override long ScratchBytes => _scratch.Bytes + _tensors.Sum(tensor => tensor.ScratchBytes);

    internal static MemoryPlan Plan(IReadOnlyList<(ShapedParameter Parameter, SubsetNormOptions Options)> parameters, int threads)
    {
        List<PlannedField> fields = [];
        List<PlannedTreatment> treatments = [];
        int longest = 0;
        long bytes = 0;
        foreach ((ShapedParameter parameter, SubsetNormOptions options) in parameters)
        {
            fields.AddRange(Fields(parameter.Name, parameter.Shape, options).Select(spec => new PlannedField(parameter.Name, spec)));
            (int[] shape, SubsetSize size) = options.Subsets(parameter.Name, parameter.Shape);
            treatments.Add(new PlannedTreatment(parameter.Name, $"a second moment {size.Describe(shape)}"));
            longest = Math.Max(longest, Math.Min(SubsetMoment.StretchLengthOf(shape, size), parameter.Length));
            bytes += SubsetMoment.ScratchBytes(shape, size);
        }

        return new MemoryPlan(fields, bytes + RowPasses.ScratchBytes(longest, threads)) { Treatments = treatments };
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

        _passes.Run(_stages);
    }

    // The state of one parameter: m where beta1 is not 0, v with one number a subset, the counter.
    private static IEnumerable<FieldSpec> Fields(string name, IReadOnlyList<int> shape, SubsetNormOptions options)
    {
        if (options.HasFirstMoment)
        {
            yield return new FieldSpec("m", ElementType.F32, FieldSpec.Dimensions([.. shape]));
        }

        (int[] subsetShape, SubsetSize size) = options.Subsets(name, shape);
        yield return SubsetMoment.Field("v", subsetShape, size);
        yield return new FieldSpec("step", ElementType.I64);
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
    private sealed class Tensor
    {
        private readonly AdamGroup _group;
        private readonly SubsetNormOptions _options;
        private readonly long[] _step = new long[1];

        public Tensor(Parameter parameter, AdamGroup group)
        {
            Parameter = parameter;
            _group = group;
            _options = (SubsetNormOptions)group.Options;
            (int[] shape, SubsetSize size) = _options.Subsets(parameter.Name, parameter.Shape.ToArray());
            M = new float[_options.HasFirstMoment ? parameter.Length : 0];
            V = new SubsetMoment("v", shape, size);
            ScratchBytes = SubsetMoment.ScratchBytes(shape, size);
        }

        public Parameter Parameter { get; }

        public float[] M { get; }

        public SubsetMoment V { get; }

        public long ScratchBytes { get; }

        public float Beta1 { get; private set; }

        public float Rest1 { get; private set; }

        public float Eta { get; private set; }

        public float Decay { get; private set; }

        public IEnumerable<StateField> State() =>
            Fields(Parameter.Name, Parameter.Shape.ToArray(), _options).Select(spec => spec.Name switch
            {
                "m" => StateField.Of(Parameter.Name, spec, M.AsMemory()),
                "v" => V.State(Parameter.Name),
                _ => StateField.Of(Parameter.Name, spec, _step.AsMemory()),
            });

        public void Advance()
        {
            long t = ++_step[0];
            Beta1 = (float)_group.Beta1;
            Rest1 = (float)(1 - _group.Beta1);
            Eta = (float)(_group.LearningRate * BiasCorrection.Of(_group, t, _options.BiasCorrection));
            Decay = (float)(1 - (_group.LearningRate * _group.WeightDecay));
            V.Begin(_group.Beta2, _group.Epsilon);
        }
    }
}
