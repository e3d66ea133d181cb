namespace Residuum.Numerics;

/// <summary>
/// The 256 numbers of the dynamic 8-bit map (arXiv 2110.02861; methods page of the baselines, section 4), signed or unsigned.
/// </summary>
/// <remarks>
/// <para>
/// For i = 0 to 6 the interval [0.1, 1] is divided into k equal parts, k = 2^i (signed) or 2^(i + 1) (unsigned); their middles times 10^(i
/// - 6) are entries, in the signed map with both signs; 0 and 1 are entries too. A code is an entry's place in the sorted map.
/// </para>
/// <para>
/// Nothing is searched for. Let n be the distance of an entry's code from 127 (signed), or its code + 1 (unsigned), and u = 2n + 1. Then
/// the binary exponent E of u, 2^E &lt;= u &lt; 2^(E + 1), tells the decade, and inside it 0.1 + 0.9 (r + 1/2) / k = (9u - 8 2^E) / (10
/// 2^E). So the entry is c (9u - 8 2^E), where c depends on E alone; 0 and 1 are decades of a single entry. What depends on E is in tables
/// of sixteen, found by the lowest four bits of u's exponent as a float; <see cref="DynamicMapLanes{TLanes, TMap}"/> does the arithmetic.
/// </para>
/// </remarks>
internal sealed class DynamicMap
{
    /// <summary>The number of entries.</summary>
    public const int Entries = 256;

    /// <summary>The decades of more than one entry.</summary>
    public const int Decades = 7;

    /// <summary>The length of each table.</summary>
    public const int TableSize = 16;

    /// <summary>What 1 is in a fixed-point code: sixteen binary places.</summary>
    public const int One = 1 << 16;

    /// <summary>More units than a fixed-point code errs by in float32; it is rounded up by as many.</summary>
    public const int Margin = 2;

    private const int Tables = 7;

    private readonly float[] _values = new float[Entries];
    private readonly float[] _starts;
    private readonly float[] _tables = GC.AllocateArray<float>((Tables + 1) * TableSize, pinned: true);
    private readonly int _start;

    private DynamicMap(bool isSigned)
    {
        IsSigned = isSigned;
        _start = CacheLine.Start(_tables);
        Fill();
        _starts = Starts();
        for (int exponent = ZeroExponent; exponent <= ZeroExponent + Decades + 1; exponent++)
        {
            SetTables(exponent);
        }
    }

    /// <summary>From -0.99296875 to 1; for first moments.</summary>
    public static DynamicMap Signed { get; } = new(isSigned: true);

    /// <summary>From 0 to 1; for second moments.</summary>
    public static DynamicMap Unsigned { get; } = new(isSigned: false);

    /// <summary>Whether there are negative entries.</summary>
    public bool IsSigned { get; }

    /// <summary>The entries, ascending.</summary>
    public ReadOnlySpan<float> Values => _values;

    /// <summary>The tables, one after the other in the order of <see cref="Table"/>, each in a cache line.</summary>
    public ref readonly float FirstTable => ref _tables[_start];

    // What is added to n, with its sign, to give the code.
    private int Offset => IsSigned ? (Entries / 2) - 1 : -1;

    // E of the entry 0.
    private int ZeroExponent => IsSigned ? 0 : 1;

    // n of the entry 0.
    private int ZeroStep => IsSigned ? 0 : 1;

    /// <summary>The code of the entry nearest to <paramref name="x"/>; half-way between two, of the one farther from 0.</summary>
    /// <param name="x">What is not a number counts as 0.</param>
    public byte Nearest(float x)
    {
        float magnitude = IsSigned ? MathF.Abs(x) : x;
        int low = 0;
        int high = _starts.Length;
        while (low < high)
        {
            int middle = (low + high) / 2;
            if (_starts[middle] <= magnitude)
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }

        // The signed map has no -1.
        return (byte)(!IsSigned ? low : x < 0 ? Math.Max(Offset - low, 0) : Offset + low);
    }

    private void Fill()
    {
        int code = Offset + 1 + ZeroStep;
        for (int i = 0; i < Decades; i++)
        {
            int parts = IsSigned ? 1 << i : 2 << i;
            for (int r = 0; r < parts; r++, code++)
            {
                _values[code] = (float)((0.1 + (0.9 * (r + 0.5) / parts)) * Math.Pow(10, i - 6));
                if (IsSigned)
                {
                    _values[(2 * Offset) - code] = -_values[code];
                }
            }
        }

        _values[code] = 1;
    }

    // Of each entry above 0: the smallest number that is at least as near to it as to the one before.
    private float[] Starts()
    {
        int zero = Offset + ZeroStep;
        float[] starts = new float[Entries - 1 - zero];
        for (int i = 0; i < starts.Length; i++)
        {
            starts[i] = SmallestNearer(_values[zero + i], _values[zero + i + 1]);
        }

        return starts;
    }

    private void SetTables(int exponent)
    {
        int decade = exponent - ZeroExponent;
        int power = 1 << exponent;

        // n of the decade's first entry, the smallest with 2n + 1 >= 2^E, and of its last.
        bool isSingle = decade is 0 or Decades + 1;
        int first = decade == 0 ? ZeroStep : power / 2;
        int last = isSingle ? first : power - 1;
        double c = decade switch
        {
            0 => 0,
            Decades + 1 => 1.0 / ((9 * ((2 * first) + 1)) - (8 * power)),
            _ => Math.Pow(10, decade - 8) / power,
        };
        Entry(Table.Factor, exponent) = (float)c;
        Entry(Table.FactorRest, exponent) = (float)(c - (float)c);
        Entry(Table.Whole, exponent) = (IsSigned ? 9 : 27) - (8 * power);
        Entry(Table.Start, exponent) = decade == 0 ? -1 : _starts[first - ZeroStep - 1];

        // y = c (9 (2n + 1) - 8 2^E), solved for n. The unsigned map's code n - 1 is rounded here, the signed map's when n has its sign.
        double rounding = IsSigned ? 0 : 0.5 - 1 + ((double)Margin / One);
        Entry(Table.Slope, exponent) = isSingle ? 0 : (float)(One / (18 * c));
        Entry(Table.Intercept, exponent) = (float)(One * (rounding + (isSingle ? first : (4.0 / 9 * power) - 0.5)));
        Entry(Table.Limit, exponent) = (float)(One * (rounding + last));
    }

    private ref float Entry(Table table, int exponent) => ref _tables[_start + ((int)table * TableSize) + ((exponent + 127) % TableSize)];

    // The smallest float that is at least as near to b as to a, where a < b.
    private static float SmallestNearer(float a, float b)
    {
        double middle = ((double)a + b) / 2;
        float nearest = (float)middle;
        return nearest < middle ? MathF.BitIncrement(nearest) : nearest;
    }

    /// <summary>What depends on E.</summary>
    public enum Table
    {
        /// <summary>The float nearest to c.</summary>
        Factor,

        /// <summary>What c is more than that.</summary>
        FactorRest,

        /// <summary>What makes 9u - 8 2^E of 18 times a code, counted from 0 in the signed map.</summary>
        Whole,

        /// <summary>The smallest number that is at least as near to the decade's first entry as to the one before.</summary>
        Start,

        /// <summary>How the fixed-point code grows with the number.</summary>
        Slope,

        /// <summary>The fixed-point code where the decade's line meets 0.</summary>
        Intercept,

        /// <summary>The fixed-point code of the decade's last entry.</summary>
        Limit,
    }
}
