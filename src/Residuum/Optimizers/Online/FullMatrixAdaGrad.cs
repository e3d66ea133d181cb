using Residuum.Numerics;
using Residuum.Preconditioning;
using Residuum.State;

namespace Residuum.Optimizers;

/// <summary>Full-matrix AdaGrad (Duchi, Hazan and Singer 2011): every tensor is one flat vector with a dense covariance.</summary>
/// <remarks>
/// For a tensor of d entries (page, section 4):
/// <code>
/// G = sum of g g^T so far, the present one included
/// w = w - eta (G + delta I)^(-1/2) g          delta inside the root
/// w = w - eta (G^(1/2) + delta I)^(-1) g      delta outside
/// </code>
/// Eigenvalues of G up to rankTolerance times the largest count as 0, and powers are those of the pseudo-inverse. State: 4 d^2 bytes; every
/// step decomposes G in double, about 4 d^3 multiply-adds: a yardstick for small tensors, not a way to train large ones.
/// </remarks>
public sealed class FullMatrixAdaGrad : Optimizer, IWork
{
    /// <summary>The most entries that a tensor may have: its matrix in double must be one array.</summary>
    public const int LongestTensor = 16_000;

    private readonly float[][] _covariances;
    private readonly int[] _largestFirst;
    private readonly Scratch _scratch;

    /// <summary>Makes an optimizer of one group.</summary>
    /// <param name="parameters">What to train.</param>
    /// <param name="options">How; null for the defaults.</param>
    /// <param name="settings">Threads, guard and clipping; null for the defaults.</param>
    /// <exception cref="ArgumentException">A parameter has more than <see cref="LongestTensor"/> entries.</exception>
    public FullMatrixAdaGrad(IEnumerable<Parameter> parameters, FullMatrixAdaGradOptions? options = null, StepSettings? settings = null)
        : this([new GroupOptions<FullMatrixAdaGradOptions>([.. parameters], options ?? new FullMatrixAdaGradOptions())], settings)
    {
    }

    /// <summary>Makes an optimizer of several groups.</summary>
    /// <param name="groups">Parameters with their options.</param>
    /// <param name="settings">Threads, guard and clipping; null for the defaults.</param>
    /// <exception cref="ArgumentException">A parameter has more than <see cref="LongestTensor"/> entries.</exception>
    public FullMatrixAdaGrad(IEnumerable<GroupOptions<FullMatrixAdaGradOptions>> groups, StepSettings? settings = null)
        : base([.. groups.Select(group => new OnlineGroup(group.Parameters, group.Options))], settings)
    {
        _covariances = new float[Parameters.Count][];
        int longest = 0;
        for (int i = 0; i < _covariances.Length; i++)
        {
            int d = Parameters[i].Length;
            if (d > LongestTensor)
            {
                throw new ArgumentException(
                    $"The parameter '{Parameters[i].Name}' has {d} entries; adagrad-full keeps their squared number, "
                        + $"so there may be at most {LongestTensor}.",
                    nameof(groups));
            }

            longest = Math.Max(longest, d);
            _covariances[i] = new float[d * d];
            AddState(Parameters[i], Fields(Parameters[i].Shape)[0], _covariances[i].AsMemory());
        }

        _largestFirst = [.. Enumerable.Range(0, _covariances.Length).OrderByDescending(i => Parameters[i].Length)];
        _scratch = new Scratch(Settings.Threads, ScratchBytesOf(longest));
    }

    /// <inheritdoc/>
    public override string Method => "adagrad-full";

    /// <inheritdoc/>
    public override long ScratchBytes => _scratch.Bytes;

    /// <inheritdoc/>
    /// <remarks>The covariance read and written, and its eigenvectors, in double, written and read.</remarks>
    public override double StepTrafficBytes => _covariances.Sum(covariance => 24.0 * covariance.Length);

    /// <summary>The state of one parameter of d entries: <c>covariance</c> [d, d].</summary>
    /// <param name="shape">The parameter's shape.</param>
    public static IReadOnlyList<FieldSpec> Fields(ReadOnlySpan<int> shape)
    {
        int d = TensorShape.ElementCount(shape, "parameter");
        return [new("covariance", ElementType.F32, d, d)];
    }

    // A longer tensor is refused when the optimizer is made: of such a plan the state alone says something.
    internal static long PlanScratchBytes(
        IEnumerable<(ShapedParameter Parameter, FullMatrixAdaGradOptions Options)> parameters, int threads)
    {
        IEnumerable<int> lengths = parameters.Select(entry => entry.Parameter.Length).Where(d => d <= LongestTensor);
        return (long)threads * ScratchBytesOf(lengths.DefaultIfEmpty(0).Max());
    }

    /// <inheritdoc/>
    protected override void Update() => Work.Run(this, _covariances.Length);

    void IWork.Run(int chunk, int worker)
    {
        int index = _largestFirst[chunk];
        Parameter parameter = Parameters[index];
        if (!parameter.HasGradient)
        {
            return;
        }

        FullMatrixAdaGradOptions options = (FullMatrixAdaGradOptions)GroupOf(index).Options;
        ReadOnlySpan<float> g = parameter.Gradient.Span;
        int d = g.Length;
        ScratchArea scratch = _scratch.Area(worker);
        Span<double> vectors = scratch.Take<double>(d * d);
        Span<double> values = scratch.Take<double>(d);
        Span<double> direction = scratch.Take<double>(d);
        AddOuterProduct(g, _covariances[index], vectors);
        SymmetricEigen.Decompose(vectors, values, scratch);

        double negligible = d == 0 ? 0 : options.RankTolerance * values[0];
        direction.Clear();
        for (int j = 0; j < d; j++)
        {
            double lambda = values[j] <= negligible ? 0 : values[j];
            double power = options.DeltaPlacement == DeltaPlacement.Inside
                ? PseudoInverse.Power(lambda + options.Delta, -0.5)
                : PseudoInverse.Power(Math.Sqrt(lambda) + options.Delta, -1);
            ReadOnlySpan<double> v = vectors.Slice(j * d, d);
            DoubleKernels.AddScaled(power * Dot(v, g), v, direction);
        }

        Span<float> w = parameter.Values.Span;
        double eta = GroupOf(index).LearningRate;
        for (int i = 0; i < d; i++)
        {
            w[i] = (float)(w[i] - eta * direction[i]);
        }
    }

    private static void AddOuterProduct(ReadOnlySpan<float> g, Span<float> covariance, Span<double> widened)
    {
        int d = g.Length;
        for (int i = 0; i < d; i++)
        {
            Span<float> row = covariance.Slice(i * d, d);
            for (int j = 0; j <= i; j++)
            {
                // The step is that of the sum before it is rounded to the state.
                widened[i * d + j] = row[j] + ((double)g[i] * g[j]);
            }

            VectorKernels.MultiplyAdd(row, g[i], g, row);
        }
    }

    private static double Dot(ReadOnlySpan<double> v, ReadOnlySpan<float> g)
    {
        double sum = 0;
        for (int i = 0; i < v.Length; i++)
        {
            sum += v[i] * g[i];
        }

        return sum;
    }

    private static long ScratchBytesOf(int d) =>
        ScratchArea.BytesOf<double>((long)d * d) + (2 * ScratchArea.BytesOf<double>(d)) + SymmetricEigen.ScratchBytes(d);
}
