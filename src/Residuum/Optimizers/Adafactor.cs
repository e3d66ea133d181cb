using Residuum.Numerics;
using Residuum.Preconditioning;
using Residuum.State;

namespace Residuum.Optimizers;

/// <summary>
/// Adafactor (arXiv 1804.04235): second moments of matrices as means of rows and columns, updates clipped, steps relative to the weights.
/// </summary>
/// <remarks>
/// For every tensor, with its own step t counted from 1 (<see cref="FactoredMoment"/> is V):
/// <code>
/// V: running mean of g^2 + eps1, by beta2 = 1 - t^c                                   (1)
/// a = rho max(eps2, rms(w)), or rho without scaleParameter                            (2)
/// rho = min(1e-2, 1 / sqrt(t)), with warmupInit min(1e-6 t, 1 / sqrt(t)), or eta      (3)
/// u = g / sqrt(V)                                                                     (4)
/// u = a u / max(1, rms(u) / clip), over the whole tensor                              (5)
/// m = beta1 m + (1 - beta1) u, u = m                                                  (6)  with beta1; the rate is inside
/// w = (1 - a lambda) w - u                                                            (7)
/// </code>
/// State of an a x b matrix: 4 (a + b) bytes, of a vector 4 per entry; with beta1 4 more per entry.
/// </remarks>
public sealed class Adafactor : Optimizer
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
    public Adafactor(IEnumerable<Parameter> parameters, AdafactorOptions? options = null, StepSettings? settings = null)
        : this([new GroupOptions<AdafactorOptions>([.. parameters], options ?? new AdafactorOptions())], settings)
    {
    }

    /// <summary>Makes an optimizer of several groups.</summary>
    /// <param name="groups">Parameters with their options.</param>
    /// <param name="settings">Threads, guard and clipping; null for the defaults.</param>
    /// <exception cref="ArgumentException">There is no parameter, two have the same name, or an option is out of its range.</exception>
    public Adafactor(IEnumerable<GroupOptions<AdafactorOptions>> groups, StepSettings? settings = null)
        : base([.. groups.Select(group => new AdafactorGroup(group.Parameters, group.Options))], settings)
    {
        _tensors = new Tensor[Parameters.Count];
        for (int i = 0; i < _tensors.Length; i++)
        {
            Parameter parameter = Parameters[i];
            _tensors[i] = new Tensor(parameter, (AdafactorGroup)GroupOf(i));
            foreach (StateField field in _tensors[i].V.State(parameter.Name))
            {
                AddState(field);
            }

            if (_tensors[i].Options.Beta1 is not null)
            {
                AddState(parameter, new FieldSpec("m", ElementType.F32, FieldSpec.Dimensions(parameter.Shape)), _tensors[i].M.AsMemory());
            }

            AddState(parameter, new FieldSpec("step", ElementType.I64), _tensors[i].Step.AsMemory());
        }

        _passes = new RowPasses(Parameters, i => _tensors[i].V.Bands.StretchLength, i => _tensors[i].V.Bands.Granule, Work);
        _scratch = _passes.NewScratch();
        _stages =
        [
            new RowStage(AddSquares, (i, squares) => _tensors[i].Fold(squares)),
            new RowStage(SumUpdate, (i, squares) => _tensors[i].SetFactor(squares)),
            new RowStage(Descend),
        ];
    }

    /// <inheritdoc/>
    public override string Method => "adafactor";

    /// <inheritdoc/>
    /// <remarks>
    /// The gradient is read, weights are read and written; of a tensor that the caches do not hold, the gradient is read three times and
    /// the weights, where their size counts, once more.
    /// </remarks>
    public override double StepTrafficBytes => _tensors.Select((tensor, i) => tensor.Parameter.Length
        * (12.0 + (_passes.IsInCache(i) ? 0 : tensor.Options.ScaleParameter ? 12 : 8) + (tensor.Options.Beta1 is null ? 0 : 8))).Sum();

    /// <inheritdoc/>
    public override long ScratchBytes => _scratch.Bytes + _tensors.Sum(tensor => FactoredMoment.ScratchBytes(tensor.Parameter.Shape));

    /// <summary>
    /// The state of one parameter: of matrices <c>v_row</c> and <c>v_column</c>, of vectors and scalars <c>v</c>; with beta1 <c>m</c>; and
    /// the counter <c>step</c>.
    /// </summary>
    /// <param name="shape">The parameter's shape.</param>
    /// <param name="options">Its options.</param>
    public static IReadOnlyList<FieldSpec> Fields(ReadOnlySpan<int> shape, AdafactorOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        FieldSpec[] m = options.Beta1 is null ? [] : [new("m", ElementType.F32, FieldSpec.Dimensions(shape))];
        return [.. FactoredMoment.Fields("v", shape), .. m, new("step", ElementType.I64)];
    }

    internal static long PlanScratchBytes(IReadOnlyList<(ShapedParameter Parameter, AdafactorOptions Options)> parameters, int threads) =>
        parameters.Sum(planned => FactoredMoment.ScratchBytes([.. planned.Parameter.Shape]))
        + RowPasses.ScratchBytes(parameters.Max(planned => new RowBands([.. planned.Parameter.Shape]).StretchLength), threads);

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

    // Returns the sum of the squares of the weights, as far as it is asked for.
    private double AddSquares(int index, RowPasses.Row row, int worker)
    {
        Tensor tensor = _tensors[index];
        tensor.V.Add(row.Start, row.Of(tensor.Parameter.Gradient));                         // (1)
        return tensor.Options.ScaleParameter ? Reductions.SumOfSquares(row.Of(tensor.Parameter.Values)) : 0;
    }

    private double SumUpdate(int index, RowPasses.Row row, int worker)
    {
        Span<float> u = _scratch.Area(worker).Take<float>(row.Length);
        // The next pass reads the weights first; of a larger tensor they would not stay in the caches until then.
        Parameter parameter = _tensors[index].Parameter;
        ReadOnlySpan<float> ahead = _passes.IsInCache(index) ? row.Of(parameter.Values) : [];
        return _tensors[index].V.SumOfSquares(row.Start, row.Of(parameter.Gradient), u, ahead);
    }

    private double Descend(int index, RowPasses.Row row, int worker)
    {
        Tensor tensor = _tensors[index];
        Span<float> w = row.Of(tensor.Parameter.Values);
        Span<float> u = _scratch.Area(worker).Take<float>(row.Length);
        ReadOnlySpan<float> g = row.Of(tensor.Parameter.Gradient);
        if (tensor.M.Length == 0)
        {
            tensor.V.Descend(row.Start, w, tensor.Decay, g, tensor.Factor, 1, u);           // (4), (5), (7)
            return 0;
        }

        Span<float> m = row.Of(tensor.M);
        tensor.V.Divide(row.Start, g, u);                                                   // (4)
        VectorKernels.Scale(u, tensor.Factor);                                              // (5)
        MomentKernels.Average(m, tensor.Beta1, u, tensor.Rest1);                            // (6)
        VectorKernels.Scale(w, tensor.Decay);                                               // (7)
        VectorKernels.MultiplyAdd(w, -1, m, w);
        return 0;
    }

    /// <summary>What is kept of one parameter, and what its entries have in common in a step.</summary>
    private sealed class Tensor(Parameter parameter, AdafactorGroup group)
    {
        private double _rate;

        public Parameter Parameter => parameter;

        public AdafactorOptions Options { get; } = (AdafactorOptions)group.Options;

        public FactoredMoment V { get; } = new("v", parameter.Shape);

        public float[] M { get; } = new float[((AdafactorOptions)group.Options).Beta1 is null ? 0 : parameter.Length];

        public long[] Step { get; } = new long[1];

        public float Beta1 { get; private set; }

        public float Rest1 { get; private set; }

        public float Decay { get; private set; }

        /// <summary>a / max(1, rms(u) / clip).</summary>
        public float Factor { get; private set; }

        public void Begin()
        {
            long t = ++Step[0];
            Beta1 = (float)group.Beta1;
            Rest1 = (float)(1 - group.Beta1);
            V.Begin(1 - Math.Pow(t, Options.DecayRate), group.Epsilon1);
        }

        // (1), and (2) and (3) by the weights before the update.
        public void Fold(double squaresOfWeights)
        {
            V.Fold();
            double t = Step[0];
            double most = Options.WarmupInit ? 1e-6 * t : 1e-2;
            double rho = Options.UsesRelativeStep ? Math.Min(most, 1 / Math.Sqrt(t)) : group.LearningRate;
            _rate = Options.ScaleParameter ? rho * Math.Max(group.Epsilon2, RootMean(squaresOfWeights)) : rho;
            Decay = (float)(1 - (_rate * group.WeightDecay));
        }

        public void SetFactor(double squaresOfUpdate) =>
            Factor = (float)(_rate / Math.Max(1, RootMean(squaresOfUpdate) / Options.ClipThreshold));

        private double RootMean(double squares) => Math.Sqrt(squares / Math.Max(parameter.Length, 1));
    }
}
