using Residuum.Compression;
using Residuum.ErrorMemory;
using Residuum.State;

namespace Residuum.Optimizers;

/// <summary>What <see cref="MicroAdam"/> keeps of one parameter tensor (page, section 3), and how the tensor is cut.</summary>
internal sealed class MicroAdamTensor
{
    private readonly long[] _step = new long[1];
    private readonly long[] _slot = new long[1];

    public MicroAdamTensor(Parameter parameter, AdamGroup group, ErrorMemory.ErrorMemory error)
    {
        Parameter = parameter;
        Group = group;
        Options = (MicroAdamOptions)group.Options;
        Layout = LayoutOf(parameter.Length, Options);
        Window = new SparseWindow<ushort, ushort>(Layout, Options.Window);
        Error = error;
        Unit = UnitOf(Layout, error.Granule);
        Weight1 = new float[Options.Window];
        Weight2 = new float[Options.Window];
    }

    public Parameter Parameter { get; }

    public AdamGroup Group { get; }

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

    /// <summary>beta1 to the age of each row; the row just written has age 0.</summary>
    public float[] Weight1 { get; }

    /// <summary>beta2 to the age of each row.</summary>
    public float[] Weight2 { get; }

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
    public static ErrorMemory.ErrorMemory MemoryFor(Parameter parameter, MicroAdamOptions options) => options.ErrorBits switch
    {
        4 => new FourBitErrorMemory(parameter.Length, options.QuantBucketSize, options.RangeStorage),
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

    /// <summary>Counts the step and computes what it needs of powers of the betas, in double (page, section 4, steps 1, 8, 9).</summary>
    public void Advance()
    {
        int m = Options.Window;
        long t = ++_step[0];
        Slot = (int)_slot[0];
        _slot[0] = (Slot + 1) % m;
        Rows = (int)Math.Min(t, m);
        for (int row = 0; row < Rows; row++)
        {
            long age = (Slot - row + m) % m;
            Weight1[row] = (float)Math.Pow(Group.Beta1, age);
            Weight2[row] = (float)Math.Pow(Group.Beta2, age);
        }

        C1 = (float)((1 - Group.Beta1) / (1 - Math.Pow(Group.Beta1, t)));
        C2 = (float)((1 - Group.Beta2) / (1 - Math.Pow(Group.Beta2, t)));
    }

    private static FieldSpec SlotField(MicroAdamOptions options) => new("slot", ElementType.I64) { CounterEnd = options.Window };

    private static long GreatestCommonDivisor(long a, long b) => b == 0 ? a : GreatestCommonDivisor(b, a % b);
}
