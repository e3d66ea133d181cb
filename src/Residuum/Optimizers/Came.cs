using Residuum.Numerics;
using Residuum.Preconditioning;
using Residuum.State;

namespace Residuum.Optimizers;

/// <summary>CAME: Adafactor with a first moment that is trusted where it agrees with the updates (arXiv 2307.02047).</summary>
/// <remarks>
/// For every tensor; second moments of matrices are kept as means of rows and columns (<see cref="FactoredMoment"/>):
/// <code>
/// V: running mean of g^2 + eps1, by beta2                    (1)
/// u = g / sqrt(V)                                            (2)
/// u = u / max(1, rms(u) / clip), over the whole tensor       (3)
/// m = beta1 m + (1 - beta1) u                                (4)
/// C: running mean of (u - m)^2 + eps2, by beta3              (5)  m is the new one; matrices only
/// w = (1 - eta lambda) w - eta m / sqrt(C)                   (6)  vectors and scalars: - eta m
/// </code>
/// There is no bias correction. State of an a x b matrix: 4 (a b + 2 (a + b)) bytes; of a vector 8 per entry.
/// </remarks>
public sealed class Came : Optimizer
{
    private readonly Tensor[] _tensors;
    private readonly RowPasses _passes;
    private readonly RowStage[] _stages;
    private readonly Scratch _scratch;

    /// <summary>Makes an optimizer of one group.</summary>
    /// <param name="parameters">What to train.</param>
    /// <param name="options">How; null for the defaults.</param>
    /// <param name="settings">Threads, guard and clipping; null for the defaults.</param>
    /// <exception cref="ArgumentException">There is no parameter, two have the same name, or an option is out of its range.</exception>
    public Came(IEnumerable<Parameter> parameters, CameOptions? options = null, StepSettings? settings = null)
        : this([new GroupOptions<CameOptions>([.. parameters], options ?? new CameOptions())], settings)
    {
    }

    /// <summary>Makes an optimizer of several groups.</summary>
    /// <param name="groups">Parameters with their options.</param>
    /// <param name="settings">Threads, guard and clipping; null for the defaults.</param>
    /// <exception cref="ArgumentException">There is no parameter, two have the same name, or an option is out of its range.</exception>
    public Came(IEnumerable<GroupOptions<CameOptions>> groups, StepSettings? settings = null)
        : base([.. groups.Select(group => new CameGroup(group.Parameters, group.Options))], settings)
    {
        _tensors = new Tensor[Parameters.Count];
        for (int i = 0; i < _tensors.Length; i++)
        {
            Parameter parameter = Parameters[i];
            _tensors[i] = new Tensor(parameter, (CameGroup)GroupOf(i));
            AddState(parameter, new FieldSpec("m", ElementType.F32, FieldSpec.Dimensions(parameter.Shape)), _tensors[i].M.AsMemory());
            foreach (StateField field in _tensors[i].Moments.SelectMany(moment => moment.State(parameter.Name)))
            {
                AddState(field);
            }
        }

        _passes = new RowPasses(Parameters, i => _tensors[i].V.Bands.StretchLength, i => _tensors[i].V.Bands.Granule, Work);
        _scratch = _passes.NewScratch();
        _stages =
        [
            new RowStage(AddSquares, (i, _) => _tensors[i].V.Fold()),
            new RowStage(SumUpdate, (i, squares) => _tensors[i].Clip(squares)),
            new RowStage(AddDeviations, (i, _) => _tensors[i].C?.Fold()),
            new RowStage(Descend),
        ];
    }

    /// <inheritdoc/>
    public override string Method => "came";

    /// <inheritdoc/>
    /// <remarks>
    /// The gradient is read, weights and first moment are read and written; of a tensor that the caches do not hold, the gradient is read
    /// three times and the first moment twice.
    /// </remarks>
    public override double StepTrafficBytes => _tensors.Select((tensor, i) => tensor.Parameter.Length
        * (_passes.IsInCache(i) ? 20.0 : 32.0)).Sum();

    /// <inheritdoc/>
    public override long ScratchBytes => _scratch.Bytes + _tensors.Sum(tensor => tensor.ScratchBytes);

    /// <summary>
    /// The state of one parameter: <c>m</c>; of matrices <c>v_row</c>, <c>v_column</c>, <c>confidence_row</c> and <c>confidence_column</c>,
    /// of vectors and scalars <c>v</c>.
    /// </summary>
    /// <param name="shape">The parameter's shape.</param>
    /// <param name="options">Its options.</param>
    public static IReadOnlyList<FieldSpec> Fields(ReadOnlySpan<int> shape, CameOptions options)
    {
        int[] factored = Factored(shape, options);
        return
        [
            new("m", ElementType.F32, FieldSpec.Dimensions(shape)),
            .. FactoredMoment.Fields("v", factored),
            .. factored.Length < 2 ? [] : FactoredMoment.Fields("confidence", factored),
        ];
    }

    internal static long PlanScratchBytes(IReadOnlyList<(ShapedParameter Parameter, CameOptions Options)> parameters, int threads)
    {
        int longest = 0;
        long bytes = 0;
        foreach ((ShapedParameter parameter, CameOptions options) in parameters)
        {
            int[] shape = Factored([.. parameter.Shape], options);
            longest = Math.Max(longest, new RowBands(shape).StretchLength);
            bytes += FactoredMoment.ScratchBytes(shape) * (shape.Length < 2 ? 1 : 2);
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
                tensor.Begin();
            }
        }

        _passes.Run(_stages);
    }

    private double AddSquares(int index, RowPasses.Row row, int worker)
    {
        _tensors[index].V.Add(row.Start, row.Of(_tensors[index].Parameter.Gradient));       // (1)
        return 0;
    }

    private double SumUpdate(int index, RowPasses.Row row, int worker)
    {
        Span<float> u = _scratch.Area(worker).Take<float>(row.Length);
        ReadOnlySpan<float> g = row.Of(_tensors[index].Parameter.Gradient);
        return _tensors[index].V.SumOfSquares(row.Start, g, u, Ahead(index, row, _tensors[index].M));     // (2)
    }

    // What the next pass reads first, if it finds it in the caches then.
    private ReadOnlySpan<float> Ahead(int index, RowPasses.Row row, Memory<float> of) => _passes.IsInCache(index) ? row.Of(of) : [];

    private double AddDeviations(int index, RowPasses.Row row, int worker)
    {
        Tensor tensor = _tensors[index];
        Span<float> u = _scratch.Area(worker).Take<float>(row.Length);
        Span<float> m = row.Of(tensor.M);
        ReadOnlySpan<float> g = row.Of(tensor.Parameter.Gradient);
        if (tensor.C is not null)
        {
            ReadOnlySpan<float> w = Ahead(index, row, tensor.Parameter.Values);
            tensor.V.Deviate(row.Start, g, tensor.ClipFactor, m, tensor.Beta1, tensor.Rest1, u, w);     // (2), (3), (4)
            tensor.C.Add(row.Start, u);                                                             // (5)
            return 0;
        }

        tensor.V.Divide(row.Start, g, u);                                                   // (2)
        VectorKernels.Scale(u, tensor.ClipFactor);                                          // (3)
        MomentKernels.Average(m, tensor.Beta1, u, tensor.Rest1);                            // (4)
        return 0;
    }

    private double Descend(int index, RowPasses.Row row, int worker)
    {
        Tensor tensor = _tensors[index];
        Span<float> w = row.Of(tensor.Parameter.Values);
        ReadOnlySpan<float> m = row.Of(tensor.M);
        if (tensor.C is null)
        {
            VectorKernels.Scale(w, tensor.Decay);                                           // (6)
            VectorKernels.MultiplyAdd(w, -tensor.Eta, m, w);
            return 0;
        }

        Span<float> u = _scratch.Area(worker).Take<float>(row.Length);
        tensor.C.Descend(row.Start, w, tensor.Decay, m, 1, tensor.Eta, u);                  // (6)
        return 0;
    }

    // The shape that a tensor is factored in.
    private static int[] Factored(ReadOnlySpan<int> shape, CameOptions options) => options.FlattenTo2D && shape.Length > 2
        ? [shape[0], TensorShape.ElementCount(shape[1..], "tensor")]
        : [.. shape];

    /// <summary>What is kept of one parameter, and what its entries have in common in a step.</summary>
    private sealed class Tensor
    {
        private readonly CameGroup _group;
        private readonly int[] _shape;

        public Tensor(Parameter parameter, CameGroup group)
        {
            _group = group;
            _shape = Factored(parameter.Shape, (CameOptions)group.Options);
            Parameter = parameter;
            M = new float[parameter.Length];
            V = new FactoredMoment("v", _shape);
            C = _shape.Length < 2 ? null : new FactoredMoment("confidence", _shape);
        }

        public Parameter Parameter { get; }

        public float[] M { get; }

        public FactoredMoment V { get; }

        /// <summary>How much updates deviate from the first moment; vectors have none.</summary>
        public FactoredMoment? C { get; }

        public IEnumerable<FactoredMoment> Moments => C is null ? [V] : [V, C];

        public long ScratchBytes => FactoredMoment.ScratchBytes(_shape) * (C is null ? 1 : 2);

        public float Beta1 { get; private set; }

        public float Rest1 { get; private set; }

        public float Eta { get; private set; }

        public float Decay { get; private set; }

        public float ClipFactor { get; private set; }

        public void Begin()
        {
            Beta1 = (float)_group.Beta1;
            Rest1 = (float)(1 - _group.Beta1);
            Eta = (float)_group.LearningRate;
            Decay = (float)(1 - (_group.LearningRate * _group.WeightDecay));
            V.Begin(_group.Beta2, _group.Epsilon1);
            C?.Begin(_group.Beta3, _group.Epsilon2);
        }

        public void Clip(double sumOfSquares)
        {
            double rms = Math.Sqrt(sumOfSquares / Math.Max(Parameter.Length, 1));
            ClipFactor = (float)(1 / Math.Max(1, rms / ((CameOptions)_group.Options).ClipThreshold));
        }
    }
}
