using Residuum.Numerics;
using Residuum.State;

namespace Residuum.Optimizers;

/// <summary>Adam with a sparse, rebuilt memory and 4-bit error feedback (arXiv 2405.15593).</summary>
/// <remarks>
/// For every tensor of d entries, with its own step t counted from 1 (page, section 4):
/// <code>
/// a = g + e                                       (2)  the error comes back
/// S = the k largest |a| of each block             (3)  row (t - 1) mod m of the window: (S, a[S] in bfloat16)
/// a[S] = 0                                        (4)
/// e = a in 4 bits                                 (5)
/// w = (1 - eta lambda) w                          (6)
/// M = sum of beta1^age v, W = sum of beta2^age v^2    (8)  over the m rows of the window
/// u = c1 M / (sqrt(c2 W) + epsilon)               (9)  c = (1 - beta) / (1 - beta^t)
/// w = w - eta u                                   (11) non-zero in at most m k entries
/// </code>
/// State at the defaults: 0.5 + 4 m rho + 4 / 64 = 0.96 bytes per parameter. A step moves about 13 bytes per parameter: g read, the touched
/// part of w read and written, 1 byte of error, the window read and one row of it written.
/// The steps use at most m rows, but the bias correction is that of all t steps: a fixed rate grows in effect, so let it decay (page,
/// section 7).
/// </remarks>
public sealed class MicroAdam : Optimizer, IWork
{
    private readonly MicroAdamTensor[] _tensors;
    private readonly Dictionary<ParameterGroup, WindowDecay> _decays;
    private readonly WorkPlan _plan;
    private readonly MicroAdamScratchSizes _sizes;
    private readonly Scratch _scratch;

    /// <summary>Makes an optimizer of one group.</summary>
    /// <param name="parameters">What to train.</param>
    /// <param name="options">How; null for the defaults.</param>
    /// <param name="settings">Threads, guard and clipping; null for the defaults.</param>
    /// <exception cref="ArgumentException">There is no parameter, two have the same name, or an option is out of its range.</exception>
    public MicroAdam(IEnumerable<Parameter> parameters, MicroAdamOptions? options = null, StepSettings? settings = null)
        : this([new GroupOptions<MicroAdamOptions>([.. parameters], options ?? new MicroAdamOptions())], settings)
    {
    }

    /// <summary>Makes an optimizer of several groups.</summary>
    /// <param name="groups">Parameters with their options.</param>
    /// <param name="settings">Threads, guard and clipping; null for the defaults.</param>
    /// <exception cref="ArgumentException">There is no parameter, two have the same name, or an option is out of its range.</exception>
    public MicroAdam(IEnumerable<GroupOptions<MicroAdamOptions>> groups, StepSettings? settings = null)
        : this(groups, settings, MicroAdamTensor.MemoryFor)
    {
    }

    /// <summary>Makes an optimizer with other error memories under the same compressor and direction.</summary>
    internal MicroAdam(
        IEnumerable<GroupOptions<MicroAdamOptions>> groups,
        StepSettings? settings,
        Func<Parameter, MicroAdamOptions, StateArena, ErrorMemory.ErrorMemory> memory)
        : base([.. groups.Select(group => new AdamGroup(group.Parameters, group.Options))], settings)
    {
        _decays = Groups.ToDictionary(
            group => group, group => new WindowDecay((AdamGroup)group, ((MicroAdamOptions)group.Options).Window));
        _tensors = new MicroAdamTensor[Parameters.Count];
        StateArena arena = new(
            Parameters.SelectMany((parameter, i) => MicroAdamTensor.Fields(parameter.Length, (MicroAdamOptions)GroupOf(i).Options)));
        MicroAdamScratchSizes sizes = default;
        for (int i = 0; i < _tensors.Length; i++)
        {
            AdamGroup group = (AdamGroup)GroupOf(i);
            MicroAdamOptions options = (MicroAdamOptions)group.Options;
            MicroAdamTensor tensor = new(Parameters[i], group, _decays[group], memory(Parameters[i], options, arena), arena);
            _tensors[i] = tensor;
            sizes = sizes.Including(tensor.Parameter.Length, tensor.Error.Granule, tensor.Options);
            foreach (StateField piece in _tensors[i].State())
            {
                AddState(piece);
            }
        }

        _sizes = sizes;
        _scratch = new Scratch(Settings.Threads, sizes.Bytes);
        _plan = WorkPlan.Create([.. Parameters.Select(parameter => parameter.Length)], i => _tensors[i].Unit);
    }

    /// <inheritdoc/>
    public override string Method => "microadam";

    /// <inheritdoc/>
    /// <remarks>Counts the lines of 16 weights that rows of independent places touch once the window is full.</remarks>
    public override double StepTrafficBytes => _tensors.Sum(tensor => tensor.StepTrafficBytes);

    /// <inheritdoc/>
    public override long ScratchBytes => _scratch.Bytes;

    /// <summary>
    /// The state of one parameter: <c>window_index</c> and <c>window_value</c> [m, k]; with 4 error bits <c>error_code</c>,
    /// <c>error_low</c> and <c>error_high</c>, with 32 <c>error</c>; and the counters <c>step</c> and <c>slot</c>.
    /// </summary>
    /// <param name="shape">The parameter's shape.</param>
    /// <param name="options">Its options.</param>
    public static IReadOnlyList<FieldSpec> Fields(ReadOnlySpan<int> shape, MicroAdamOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return MicroAdamTensor.Fields(TensorShape.ElementCount(shape, "parameter"), options);
    }

    /// <inheritdoc/>
    public override StepDiagnosis? Diagnose() => new MicroAdamDiagnosis(_tensors);

    internal static long PlanScratchBytes(IEnumerable<(ShapedParameter Parameter, MicroAdamOptions Options)> parameters, int threads)
    {
        MicroAdamScratchSizes sizes = default;
        foreach ((ShapedParameter parameter, MicroAdamOptions options) in parameters)
        {
            sizes = sizes.Including(parameter.Length, MicroAdamTensor.GranuleOf(options), options);
        }

        return sizes.Bytes * threads;
    }

    /// <inheritdoc/>
    protected override void Update()
    {
        foreach (WindowDecay decay in _decays.Values)
        {
            decay.Follow();
        }

        foreach (int divided in _plan.Divided)
        {
            if (_tensors[divided].Parameter.HasGradient)
            {
                _tensors[divided].Advance();
            }
        }

        Work.Run(this, _plan.Chunks);
    }

    void IWork.Run(int chunk, int worker)
    {
        MicroAdamScratch scratch = new(_scratch.Area(worker), _sizes);
        ReadOnlySpan<WorkPlan.Piece> pieces = _plan.Chunk(chunk);
        MicroAdamTensor? spread = null;
        for (int i = 0; i < pieces.Length; i++)
        {
            WorkPlan.Piece piece = pieces[i];
            MicroAdamTensor tensor = _tensors[piece.Tensor];
            if (tensor.Parameter.HasGradient)
            {
                if (piece.Length == tensor.Parameter.Length)
                {
                    tensor.Advance();
                }

                if (spread is null || !tensor.WeighsAs(spread))
                {
                    SpreadWeights(tensor, tensor.Layout.KeptOfFull, scratch);
                }

                // A short last block spreads its own.
                spread = tensor.Layout.TailLength == 0 ? tensor : null;
                WorkPlan.Piece next = i + 1 < pieces.Length && HasGradient(pieces[i + 1]) ? pieces[i + 1] : default;
                if (next.Length > 0)
                {
                    _tensors[next.Tensor].Request(next.Start, next.Length);
                }

                for (int done = 0; done < piece.Length; done += tensor.Unit)
                {
                    StepUnit(tensor, piece.Start + done, Math.Min(tensor.Unit, piece.Length - done), next, scratch);
                }
            }
        }
    }

    private bool HasGradient(WorkPlan.Piece piece) => _tensors[piece.Tensor].Parameter.HasGradient;

    private void StepUnit(MicroAdamTensor tensor, int start, int length, WorkPlan.Piece next, MicroAdamScratch scratch)
    {
        Span<float> theta = tensor.Parameter.Values.Span.Slice(start, length);
        ReadOnlySpan<float> gradient = tensor.Parameter.Gradient.Span.Slice(start, length);
        Span<float> a = scratch.Corrected[..length];

        Correct(tensor, gradient, a, start);                                                // (2)
        int firstBlock = start / tensor.Layout.BlockLength;
        for (int offset = 0, block = firstBlock; offset < length; offset += tensor.Layout.LengthOf(block), block++)
        {
            Keep(tensor, block, a.Slice(offset, tensor.Layout.LengthOf(block)), scratch);   // (3), (4)
        }

        ReadOnlySpan<float> nextGradient = Following(tensor, start + length, length, next, parameter => parameter.Gradient);
        tensor.Error.Update(a, start, nextGradient);                                        // (5)

        if (tensor.Group.WeightDecay > 0)                                                   // (6)
        {
            VectorKernels.Scale(theta, (float)(1 - (tensor.Group.LearningRate * tensor.Group.WeightDecay)));
        }

        if (tensor.Options.Densify == Densify.QuantizationResidual)                         // (7)
        {
            ApplyResidual(tensor, theta, a, start, scratch);
        }

        Span<float> dense = [];
        if (tensor.Options.Densify == Densify.ErrorFeedback)                                // (10)
        {
            dense = scratch.Dense[..length];
            UseError(tensor, dense, a, start);
        }

        for (int offset = 0, block = firstBlock; offset < length; offset += tensor.Layout.LengthOf(block), block++)
        {
            int blockLength = tensor.Layout.LengthOf(block);
            Span<float> denseBlock = dense.IsEmpty ? [] : dense.Slice(offset, blockLength);
            ReadOnlySpan<float> ahead = Following(tensor, start + offset + blockLength, blockLength, next, parameter => parameter.Values);
            Descend(tensor, block, theta.Slice(offset, blockLength), denseBlock, ahead, scratch);       // (8), (9), (11)
        }
    }

    // a = g + deq(code); with the bfloat16 accumulator a = RN(RN(g) + RN(deq)) (page, section 6).
    private static void Correct(MicroAdamTensor tensor, ReadOnlySpan<float> gradient, Span<float> a, int start)
    {
        if (tensor.Options.Accumulator == Accumulator.Float32)
        {
            tensor.Error.AddTo(gradient, a, start);
        }
        else
        {
            tensor.Error.Read(a, start);
            BFloat16.AddRounded(gradient, a);
        }
    }

    // The k largest of a block become the current row of its window and leave a; what bfloat16 cannot hold of them is dropped.
    private static void Keep(MicroAdamTensor tensor, int block, Span<float> a, MicroAdamScratch scratch)
    {
        int k = tensor.Layout.KeptIn(block);
        Span<ushort> values = tensor.Window.Values(block);
        Span<ushort> row = tensor.Window.Indices(block).Slice(tensor.Slot * k, k);
        Span<ushort> rowValues = values.Slice(tensor.Slot * k, k);
        TopKSelection.Select(a, k, GuessThreshold(tensor, values, k), row, scratch.Candidates, scratch.Magnitudes);
        BFloat16.TakeOut(a, row, rowValues);
    }

    // Somewhat less than the smallest magnitude that this block kept a step ago. It affects the time alone.
    private static float GuessThreshold(MicroAdamTensor tensor, ReadOnlySpan<ushort> values, int k)
    {
        if (tensor.Step == 1)
        {
            return 0;
        }

        int previous = (tensor.Slot + tensor.Options.Window - 1) % tensor.Options.Window;
        return 0.9f * BFloat16.SmallestMagnitude(values.Slice(previous * k, k));
    }

    // So many weights or gradients of the tensor from a place on, or at its end those of the next piece.
    private ReadOnlySpan<float> Following(
        MicroAdamTensor tensor, int start, int length, WorkPlan.Piece next, Func<Parameter, Memory<float>> of) =>
        start < tensor.Parameter.Length
            ? of(tensor.Parameter).Span.Slice(start, Math.Min(length, tensor.Parameter.Length - start))
            : of(_tensors[next.Tensor].Parameter).Span.Slice(next.Start, next.Length);

    // beta to the age of its row, for every entry of a block that keeps k. The short last block comes last, so it may overwrite the
    // others'.
    private static void SpreadWeights(MicroAdamTensor tensor, int k, MicroAdamScratch scratch)
    {
        for (int row = 0; row < tensor.Rows; row++)
        {
            scratch.Weight1.Slice(row * k, k).Fill(tensor.Decay.Powers1[tensor.AgeOf(row)]);
            scratch.Weight2.Slice(row * k, k).Fill(tensor.Decay.Powers2[tensor.AgeOf(row)]);
        }
    }

    // Rebuilds the moments of a block from its window and moves the parameters against them.
    private static void Descend(
        MicroAdamTensor tensor, int block, Span<float> theta, Span<float> dense, ReadOnlySpan<float> ahead, MicroAdamScratch scratch)
    {
        int k = tensor.Layout.KeptIn(block);
        if (k != tensor.Layout.KeptOfFull)
        {
            SpreadWeights(tensor, k, scratch);
        }

        int entries = tensor.Rows * k;
        Span<float> pairs = scratch.Pairs[..(2 * entries)];
        SparseMoments.Contributions(tensor.Window.Values(block)[..entries], scratch.Weight1[..entries], scratch.Weight2[..entries], pairs);
        Span<float> sums = scratch.Moments[..(2 * entries)];
        Span<ushort> slots = scratch.Slots[..theta.Length];
        int count = SparseMoments.Sum(tensor.Window.Indices(block)[..entries], pairs, slots, scratch.Touched[..entries], sums, ahead);

        ReadOnlySpan<ushort> touched = scratch.Touched[..count];
        Span<float> u = scratch.U[..count];
        SparseMoments.Direction(sums[..(2 * count)], u, tensor.C1, tensor.C2, (float)tensor.Group.Epsilon);
        if (tensor.Options.Accumulator == Accumulator.Bfloat16)
        {
            BFloat16.RoundAll(u);
        }

        float eta = (float)tensor.Group.LearningRate;
        if (dense.IsEmpty)
        {
            SparseMoments.Descend(theta, touched, u, eta);
            return;
        }

        SparseMoments.Descend(dense, touched, u, -1);
        if (tensor.Options.Accumulator == Accumulator.Bfloat16)
        {
            BFloat16.RoundAll(dense);
        }

        VectorKernels.MultiplyAdd(theta, -eta, dense, theta);
    }

    // 8.1: dense = alpha * error, and the error keeps the rest. With the bfloat16 accumulator both parts are rounded and the rest
    // re-quantized.
    private static void UseError(MicroAdamTensor tensor, Span<float> dense, Span<float> rest, int start)
    {
        float kept = (float)(1 - tensor.Options.Alpha);
        tensor.Error.Read(dense, start);
        if (tensor.Options.Accumulator == Accumulator.Float32)
        {
            tensor.Error.Scale(kept, start, dense.Length);
        }
        else
        {
            dense.CopyTo(rest);
            VectorKernels.Scale(rest, kept);
            BFloat16.RoundAll(rest);
            tensor.Error.Update(rest, start);
        }

        VectorKernels.Scale(dense, (float)tensor.Options.Alpha);
        if (tensor.Options.Accumulator == Accumulator.Bfloat16)
        {
            BFloat16.RoundAll(dense);
        }
    }

    // 8.2: what 4 bits could not hold of the error goes into the parameters, without a learning rate.
    private static void ApplyResidual(
        MicroAdamTensor tensor, Span<float> theta, ReadOnlySpan<float> rest, int start, MicroAdamScratch scratch)
    {
        Span<float> held = scratch.Dense[..rest.Length];
        tensor.Error.Read(held, start);
        if (tensor.Options.Accumulator == Accumulator.Bfloat16)
        {
            BFloat16.RoundAll(held);
        }

        VectorKernels.MultiplyAdd(theta, -1, rest, theta);
        VectorKernels.MultiplyAdd(theta, 1, held, theta);
    }
}
