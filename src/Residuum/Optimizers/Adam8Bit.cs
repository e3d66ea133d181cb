using Residuum.Compression;
using Residuum.Numerics;
using Residuum.State;

namespace Residuum.Optimizers;

/// <summary>AdamW whose moments are kept in 8 bits an entry (arXiv 2110.02861).</summary>
/// <remarks>
/// For every block of consecutive entries, with the parameter's own step t counted from 1:
/// <code>
/// m = map[code_m] absmax_m, v = map[code_v] absmax_v                                  (0)
/// m, v, w as in <see cref="AdamW"/>, by the moments before they are quantized again   (1) to (3)
/// absmax = max |x| over the block, code = nearest entry of x / absmax, of m and of v   (4)
/// </code>
/// Tensors of fewer than <see cref="Adam8BitOptions.MinQuantizedSize"/> entries keep float32 moments. State: 2 + 8 / blockSize = 2.03 bytes
/// per parameter. A step moves 16 bytes per parameter (g read; w, the codes of m and v read and written); between (0) and (4) moments stay
/// in the cache.
/// </remarks>
public sealed class Adam8Bit : ElementwiseOptimizer
{
    private readonly Moments[] _moments;
    private readonly int _held;
    private readonly Scratch _scratch;

    /// <summary>Makes an optimizer of one group.</summary>
    /// <param name="parameters">What to train.</param>
    /// <param name="options">How; null for the defaults.</param>
    /// <param name="settings">Threads, guard and clipping; null for the defaults.</param>
    /// <exception cref="ArgumentException">There is no parameter, two have the same name, or an option is out of its range.</exception>
    public Adam8Bit(IEnumerable<Parameter> parameters, Adam8BitOptions? options = null, StepSettings? settings = null)
        : this([new GroupOptions<Adam8BitOptions>([.. parameters], options ?? new Adam8BitOptions())], settings)
    {
    }

    /// <summary>Makes an optimizer of several groups.</summary>
    /// <param name="groups">Parameters with their options.</param>
    /// <param name="settings">Threads, guard and clipping; null for the defaults.</param>
    /// <exception cref="ArgumentException">There is no parameter, two have the same name, or an option is out of its range.</exception>
    public Adam8Bit(IEnumerable<GroupOptions<Adam8BitOptions>> groups, StepSettings? settings = null)
        : base(
            [.. groups.Select(group => new AdamGroup(group.Parameters, group.Options))],
            settings,
            group => ((Adam8BitOptions)group.Options).BlockSize)
    {
        _moments = new Moments[Parameters.Count];
        StateArena arena = new(Parameters.SelectMany((parameter, i) => Fields(parameter.Shape, (Adam8BitOptions)GroupOf(i).Options)));
        for (int i = 0; i < _moments.Length; i++)
        {
            Adam8BitOptions options = (Adam8BitOptions)GroupOf(i).Options;
            _moments[i] = IsQuantized(Parameters[i].Length, options)
                ? Quantized(Parameters[i], options, arena)
                : Dense(Parameters[i], options);
            _held = Math.Max(_held, HeldOf(Parameters[i].Length, options));
        }

        _scratch = new Scratch(Settings.Threads, BytesOf(_held));
    }

    /// <inheritdoc/>
    public override string Method => "adam8bit";

    /// <inheritdoc/>
    public override double StepTrafficBytes => (12.0 * Parameters.Sum(parameter => (long)parameter.Length)) + (2 * StateBytes);

    /// <inheritdoc/>
    public override long ScratchBytes => _scratch.Bytes;

    /// <summary>
    /// The state of one parameter: <c>m_code</c>, <c>m_absmax</c> [blocks], <c>v_code</c> and <c>v_absmax</c>, or, below the size that is
    /// quantized, <c>m</c> and <c>v</c>; and the counter <c>step</c>.
    /// </summary>
    /// <param name="shape">The parameter's shape.</param>
    /// <param name="options">Its options.</param>
    public static IReadOnlyList<FieldSpec> Fields(ReadOnlySpan<int> shape, Adam8BitOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return IsQuantized(TensorShape.ElementCount(shape, "parameter"), options)
            ? [
                .. EightBitVector.Fields("m", shape, options.BlockSize),
                .. EightBitVector.Fields("v", shape, options.BlockSize),
                new("step", ElementType.I64),
            ]
            : AdamW.Fields(shape);
    }

    internal static long PlanScratchBytes(IEnumerable<(ShapedParameter Parameter, Adam8BitOptions Options)> parameters, int threads) =>
        BytesOf(parameters.Max(planned => HeldOf(planned.Parameter.Length, planned.Options))) * threads;

    private protected override void Advance(int index)
    {
        Moments moments = _moments[index];
        moments.Step[0]++;
        moments.Scalars = new AdamScalars((AdamGroup)GroupOf(index), moments.Step[0]);
    }

    private protected override void UpdatePiece(int index, int start, Span<float> w, ReadOnlySpan<float> g, int worker)
    {
        Moments moments = _moments[index];
        if (moments.M is null || moments.V is null)
        {
            AdamKernel.Run(w, g, moments.DenseM.AsSpan(start, w.Length), moments.DenseV.AsSpan(start, w.Length), moments.Scalars);
            return;
        }

        ScratchArea area = _scratch.Area(worker);
        Span<float> allM = area.Take<float>(_held);
        Span<float> allV = area.Take<float>(_held);
        int blockSize = ((Adam8BitOptions)GroupOf(index).Options).BlockSize;
        int whole = w.Length < 2 * (long)blockSize ? 0 : w.Length / blockSize * blockSize;
        if (whole > 0)
        {
            Adam8BitPipeline.Run(                                                           // (0) to (4)
                w[..whole], g[..whole], moments.M.Part(start, whole), moments.V.Part(start, whole), allM, allV, moments.Scalars);
        }

        // A last block that is shorter, or a piece of hardly a block.
        if (w.Length > whole)
        {
            int length = w.Length - whole;
            EightBitBlocks codesM = moments.M.Part(start + whole, length);
            EightBitBlocks codesV = moments.V.Part(start + whole, length);
            Adam8BitKernel.Run(w[whole..], g[whole..], codesM, codesV, allM[..length], allV[..length], moments.Scalars);     // (0) to (3)
            moments.M.Write(allM[..length], start + whole);                                 // (4)
            moments.V.Write(allV[..length], start + whole);
        }
    }

    private static bool IsQuantized(int length, Adam8BitOptions options) => length >= options.MinQuantizedSize;

    // Entries whose moments are in float32 at a time: two blocks. Nothing for a tensor that is not quantized.
    private static int HeldOf(int length, Adam8BitOptions options) =>
        IsQuantized(length, options) ? (int)Math.Min(length, 2L * options.BlockSize) : 0;

    private static long BytesOf(int held) => 2 * ScratchArea.BytesOf<float>(held);

    private Moments Dense(Parameter parameter, Adam8BitOptions options)
    {
        IReadOnlyList<FieldSpec> fields = Fields(parameter.Shape, options);
        float[] m = NewState<float>(parameter, fields[0]);
        float[] v = NewState<float>(parameter, fields[1]);
        return new Moments(null, null, m, v, NewState<long>(parameter, fields[2]));
    }

    private Moments Quantized(Parameter parameter, Adam8BitOptions options, StateArena arena)
    {
        IReadOnlyList<FieldSpec> fields = Fields(parameter.Shape, options);
        EightBitVector m = new(arena.Take<byte>(fields[0]), arena.Take<float>(fields[1]), options.BlockSize, DynamicMap.Signed);
        EightBitVector v = new(arena.Take<byte>(fields[2]), arena.Take<float>(fields[3]), options.BlockSize, DynamicMap.Unsigned);
        foreach (StateField field in (IEnumerable<StateField>)[.. m.State(parameter, "m"), .. v.State(parameter, "v")])
        {
            AddState(field);
        }

        return new Moments(m, v, [], [], NewState<long>(parameter, fields[^1]));
    }

    /// <summary>The moments of one parameter, either in 8 bits or in float32.</summary>
    private sealed class Moments(EightBitVector? m, EightBitVector? v, float[] denseM, float[] denseV, long[] step)
    {
        public EightBitVector? M => m;

        public EightBitVector? V => v;

        public float[] DenseM => denseM;

        public float[] DenseV => denseV;

        public long[] Step => step;

        public AdamScalars Scalars { get; set; }
    }
}
