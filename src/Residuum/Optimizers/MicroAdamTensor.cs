using Residuum.Compression;
using Residuum.ErrorMemory;
using Residuum.State;

namespace Residuum.Optimizers;

/// <summary>What <see cref="MicroAdam"/> keeps of one parameter tensor (page, section 3), and how the tensor is cut.</summary>
internal sealed class MicroAdamTensor
{
    private readonly long[] _step = new long[1];
    private readonly long[] _slot = new long[1];

    public MicroAdamTensor(Parameter parameter, AdamGroup group, WindowDecay decay, ErrorMemory.ErrorMemory error, StateArena arena)
    {
        Parameter = parameter;
        Group = group;
        Decay = decay;
        Options = (MicroAdamOptions)group.Options;
        Layout = LayoutOf(parameter.Length, Options);
        Window = new SparseWindow<ushort, ushort>(Layout, Options.Window, arena);
        Error = error;
        Unit = UnitOf(Layout, error.Granule);
    }

    public Parameter Parameter { get; }

    public AdamGroup Group { get; }

    /// <summary>The powers of the betas, shared by the group.</summary>
    public WindowDecay Decay { get; }

    public MicroAdamOptions Options { get; }

    public BlockTopK Layout { get; }

    public SparseWindow<ushort, ushort> Window { get; }

    public ErrorMemory.ErrorMemory Error { get; }

    /// <summary>Entries of a unit of work: the smallest span that is whole in blocks and in buckets, else the tensor.</summary>
    public int Unit { get; }

    /// <summary>t, the steps this parameter has taken.</summary>
    public long Step => _step[0];

    /// <summary>The ring position that the current step writes.</summary>
    public int Slot { get; private set; }

    /// <summary>The rows of the window that hold gradients, the current one included: min(t, m).</summary>
    public int Rows { get; private set; }

    /// <summary>The bias correction (1 - beta1) / (1 - beta1^t).</summary>
    public float C1 { get; private set; }

    /// <summary>The bias correction (1 - beta2) / (1 - beta2^t).</summary>
    public float C2 { get; private set; }

    /// <summary>
    /// The bytes a step moves: gradient, error twice, window once and one row of it again, and the lines of weights it touches.
    /// </summary>
    public double StepTrafficBytes
    {
        get
        {
            double length = Parameter.Length;
            double window = 4.0 * Options.Window * Layout.TotalKept;
            double error = Fields(Parameter.Length, Options)
                .Where(spec => spec.Name.StartsWith("error", StringComparison.Ordinal))
                .Sum(spec => spec.Bytes);
            double touched = 1 - Math.Pow(1 - Options.Density, Options.Window);
            bool isDense = Group.WeightDecay > 0 || Options.Densify != Densify.None;
            double lines = isDense ? 1 : 1 - Math.Pow(1 - touched, 16);
            return (4 * length) + (2 * error) + (window * (1 + (1.0 / Options.Window))) + (8 * length * lines);
        }
    }

    /// <summary>The state of a tensor of the given length.</summary>
    public static IReadOnlyList<FieldSpec> Fields(int length, MicroAdamOptions options) =>
    [
        .. SparseWindow<ushort, ushort>.Fields(LayoutOf(length, options).TotalKept, options.Window),
        .. options.ErrorBits switch
        {
            4 => FourBitErrorMemory.Fields(length, options.QuantBucketSize, options.RangeStorage),
            32 => DenseErrorMemory.Fields(length),
            _ => [],
        },
        new("step", ElementType.I64),
        SlotField(options),
    ];

    public static BlockTopK LayoutOf(int length, MicroAdamOptions options) => new(length, options.TopKBlockSize, options.Density);

    /// <summary>
    /// Entries of the smallest span that is whole in blocks and in the error memory's granules, else of the whole tensor.
    /// </summary>
    public static int UnitOf(BlockTopK layout, int granule)
    {
        long whole = layout.BlockLength == 0 ? 1 : layout.BlockLength / GreatestCommonDivisor(layout.BlockLength, granule) * (long)granule;
        return (int)Math.Min(whole, Math.Max(layout.Length, 1));
    }

    /// <summary>The granule of the memory that options ask for.</summary>
    public static int GranuleOf(MicroAdamOptions options) => options.ErrorBits == 4 ? options.QuantBucketSize : 1;

    /// <summary>The memory that options ask for.</summary>
    public static ErrorMemory.ErrorMemory MemoryFor(Parameter parameter, MicroAdamOptions options, StateArena arena) =>
        options.ErrorBits switch
        {
            4 => new FourBitErrorMemory(parameter.Length, options.QuantBucketSize, options.RangeStorage, arena),
            32 => new DenseErrorMemory(parameter.Length),
            _ => new NoErrorMemory(),
        };

    /// <summary>The live fields.</summary>
    public IEnumerable<StateField> State() =>
    [
        .. Window.State(Parameter.Name),
        .. Error.State(Parameter.Name),
        StateField.Of(Parameter.Name, new FieldSpec("step", ElementType.I64), _step.AsMemory()),
        StateField.Of(Parameter.Name, SlotField(Options), _slot.AsMemory()),
    ];

    /// <summary>The age of a row: that just written has age 0.</summary>
    /// <param name="row">Below <see cref="Rows"/>.</param>
    public int AgeOf(int row) => (Slot - row + Options.Window) % Options.Window;

    /// <summary>Whether the rows of full blocks weigh as much as another tensor's, entry by entry.</summary>
    /// <param name="other">The other.</param>
    public bool WeighsAs(MicroAdamTensor other) =>
        Decay == other.Decay && Slot == other.Slot && Rows == other.Rows && Layout.KeptOfFull == other.Layout.KeptOfFull;

    /// <summary>Requests the state of a piece from memory; it affects the time alone.</summary>
    /// <param name="start">Its first entry.</param>
    /// <param name="length">How many it has.</param>
    public void Request(int start, int length)
    {
        Window.Request(start / Layout.BlockLength);
        Error.Request(start, length);
    }

    /// <summary>Counts the step and computes what it needs of powers of the betas, in double (page, section 4, steps 1, 8, 9).</summary>
    public void Advance()
    {
        int m = Options.Window;
        long t = ++_step[0];
        Slot = (int)_slot[0];
        _slot[0] = (Slot + 1) % m;
        Rows = (int)Math.Min(t, m);
        BetaPowers powers = BetaPowers.At(Group, t);
        C1 = (float)((1 - Group.Beta1) / (1 - powers.Of1));
        C2 = (float)((1 - Group.Beta2) / (1 - powers.Of2));
    }

    private static FieldSpec SlotField(MicroAdamOptions options) => new("slot", ElementType.I64) { CounterEnd = options.Window };

    private static long GreatestCommonDivisor(long a, long b) => b == 0 ? a : GreatestCommonDivisor(b, a % b);
}
