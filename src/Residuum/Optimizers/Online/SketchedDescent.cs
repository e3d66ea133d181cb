using Residuum.Numerics;
using Residuum.Preconditioning;
using Residuum.State;

namespace Residuum.Optimizers;

/// <summary>
/// What the sketched methods of online convex optimization share: every tensor is one flat vector whose gradients' covariance is kept as a
/// <see cref="FrequentDirections"/>.
/// </summary>
/// <remarks>
/// A step takes <c>g g^T</c>, weighted, into the sketch and moves the weights: <c>w = w - (a g + U diag(b) U^T g)</c>. The methods differ
/// in the weight and in a and b. The step is that of the sketch in double, which is then rounded to its state: of a tensor of d entries
/// <c>(l - 1)(d + 1) + 1</c> float32, with at most d directions.
/// </remarks>
public abstract class SketchedDescent : Optimizer, IWork, ISketched
{
    private readonly Tensor[] _tensors;
    private readonly int[] _largestFirst;
    private readonly Scratch _scratch;

    private protected SketchedDescent(IEnumerable<GroupOptions<SketchedDescentOptions>> groups, StepSettings? settings)
        : base([.. groups.Select(group => new OnlineGroup(group.Parameters, group.Options))], settings)
    {
        _tensors = new Tensor[Parameters.Count];
        long scratchBytes = 0;
        for (int i = 0; i < _tensors.Length; i++)
        {
            Parameter parameter = Parameters[i];
            SketchedDescentOptions options = (SketchedDescentOptions)GroupOf(i).Options;
            Tensor tensor = new(parameter, GroupOf(i), new FrequentDirections(parameter.Length, options.Rank));
            _tensors[i] = tensor;
            scratchBytes = Math.Max(scratchBytes, ScratchBytesOf(parameter.Length, options));
            FieldSpec[] fields = [.. Fields(parameter.Shape, options)];
            AddState(parameter, fields[0], tensor.Sketch.Directions.AsMemory());
            AddState(parameter, fields[1], tensor.Sketch.SingularValues.AsMemory());
            AddState(parameter, fields[2], tensor.Sketch.EscapedMass.AsMemory());
            AddState(parameter, fields[3], tensor.Step.AsMemory());
        }

        _largestFirst = [.. Enumerable.Range(0, _tensors.Length).OrderByDescending(i => Parameters[i].Length)];
        _scratch = new Scratch(Settings.Threads, scratchBytes);
    }

    /// <inheritdoc/>
    public override long ScratchBytes => _scratch.Bytes;

    /// <inheritdoc/>
    /// <remarks>Gradient and sketch read three times, the sketch written once, the weights read and written.</remarks>
    public override double StepTrafficBytes =>
        4 * _tensors.Sum(tensor => (5.0 * tensor.Parameter.Length) + (4.0 * tensor.Sketch.Directions.Length));

    /// <summary>
    /// The state of one parameter of d entries that keeps k directions: <c>direction</c> [k, d], <c>singular_value</c> [k],
    /// <c>escaped_mass</c> and the counter <c>step</c>.
    /// </summary>
    /// <param name="shape">The parameter's shape.</param>
    /// <param name="options">Its options.</param>
    public static IReadOnlyList<FieldSpec> Fields(ReadOnlySpan<int> shape, SketchedDescentOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return [.. FrequentDirections.Fields(TensorShape.ElementCount(shape, "parameter"), options.Rank), new("step", ElementType.I64)];
    }

    internal static long PlanScratchBytes(
        IEnumerable<(ShapedParameter Parameter, SketchedDescentOptions Options)> parameters, int threads) =>
        (long)threads * parameters.Max(entry => ScratchBytesOf(entry.Parameter.Length, entry.Options));

    IReadOnlyList<IReadOnlyList<FrequentDirections>> ISketched.SketchesOf(Parameter parameter) =>
        [[_tensors.First(tensor => tensor.Parameter == parameter).Sketch]];

    /// <summary>The weight of <c>g g^T</c> in the sketch.</summary>
    /// <param name="step">t, from 1.</param>
    /// <param name="eta">The learning rate.</param>
    private protected abstract double Weight(long step, double eta);

    /// <summary>What becomes of the gradient.</summary>
    /// <param name="s">The singular values of the sketch with the gradient taken in; 0 where there is no direction.</param>
    /// <param name="rho">Its escaped mass.</param>
    /// <param name="delta">The option.</param>
    /// <param name="eta">The learning rate.</param>
    /// <param name="b">Takes the factor of each of the sketch's directions; 0 where there is none.</param>
    /// <returns>a, the factor of the gradient itself.</returns>
    private protected abstract double Direction(ReadOnlySpan<double> s, double rho, double delta, double eta, Span<double> b);

    /// <inheritdoc/>
    protected override void Update()
    {
        foreach (Tensor tensor in _tensors)
        {
            double eta = tensor.Group.LearningRate;
            if (!double.IsFinite(Weight(tensor.Step[0] + 1, eta)))
            {
                throw new InvalidOperationException(
                    $"The option learningRate is {eta}; {Method} divides what enters its sketch by it, so it must be greater than 0.");
            }
        }

        Work.Run(this, _tensors.Length);
    }

    void IWork.Run(int chunk, int worker)
    {
        Tensor tensor = _tensors[_largestFirst[chunk]];
        if (!tensor.Parameter.HasGradient)
        {
            return;
        }

        SketchedDescentOptions options = (SketchedDescentOptions)tensor.Group.Options;
        ScratchArea scratch = _scratch.Area(worker);
        ReadOnlySpan<float> g = tensor.Parameter.Gradient.Span;
        double eta = tensor.Group.LearningRate;
        tensor.Step[0]++;
        SketchDecay decay = SketchDecay.Sum(Weight(tensor.Step[0], eta), options.RankTolerance);
        Span<double> b = scratch.Take<double>(tensor.Sketch.Rank);
        SketchSpectrum spectrum = tensor.Sketch.Decompose(new Unfolding(g), decay, scratch);
        if (!spectrum.IsFinite)
        {
            // With the guard off what is not finite spoils the weights, as in other methods, but not the sketch.
            tensor.Parameter.Values.Span.Fill(float.NaN);
            return;
        }

        // From the numbers as they are; the sketch is rounded to its state afterwards.
        double a = Direction(spectrum.SingularValues, spectrum.EscapedMass, options.Delta, eta, b);
        tensor.Sketch.Descend(spectrum, decay, g, a, b, tensor.Parameter.Values.Span);
        tensor.Sketch.Keep(new Unfolding(g), decay, spectrum);
    }

    private static long ScratchBytesOf(int length, SketchedDescentOptions options) =>
        FrequentDirections.ScratchBytes(length, options.Rank, columns: 1)
        + ScratchArea.BytesOf<double>(FrequentDirections.RankOf(length, options.Rank));

    private sealed record Tensor(Parameter Parameter, ParameterGroup Group, FrequentDirections Sketch)
    {
        public long[] Step { get; } = new long[1];
    }
}
