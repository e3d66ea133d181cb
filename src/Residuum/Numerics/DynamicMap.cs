using System.Runtime.CompilerServices;

namespace Residuum.Numerics;

/// <summary>The 256 numbers of the dynamic 8-bit map (arXiv 2110.02861; methods page of the baselines, section 4), signed or unsigned.</summary>
/// <remarks>
/// <para>
/// For i = 0 to 6 the interval [0.1, 1] is divided into k equal parts, k = 2^i (signed) or 2^(i + 1) (unsigned); their middles times 10^(i - 6) are
/// entries, in the signed map with both signs; 0 and 1 are entries too. A code is an entry's place in the sorted map.
/// </para>
/// <para>
/// Nothing is searched for. Let n be the distance of an entry's code from 127 (signed), or its code + 1 (unsigned), and u = 2n + 1. Then the
/// binary exponent E of u, 2^E &lt;= u &lt; 2^(E + 1), tells the decade, and inside it 0.1 + 0.9 (r + 1/2) / k = (9u - 8 2^E) / (10 2^E). So the
/// entry is c (9u - 8 2^E), where c depends on E alone; 0 and 1 are decades of a single entry. What depends on E is in tables of sixteen, found
/// by the lowest four bits of u's exponent as a float.
/// </para>
/// </remarks>
internal sealed class DynamicMap
{
    /// <summary>The number of entries.</summary>
    public const int Entries = 256;

    private const int Decades = 7;
    private const int TableSize = 16;

    // 1.5 * 2^23: a float of that size has a unit in the last place of 1, so adding it rounds to a whole number, held in the low bits.
    private const float Rounder = 12582912;

    // More than Guess errs by, less than half the way from one entry to the next.
    private const float Slack = 1f / 16384;

    // log10(2) / 2^23: the bit pattern of a float, taken as an integer, is nearly linear in its logarithm.
    private const float DecadesPerBit = 3.5885571e-8f;

    private readonly float[] _values = new float[Entries];
    private readonly float[] _factor = new float[TableSize];
    private readonly float[] _factorRest = new float[TableSize];
    private readonly float[] _first = new float[TableSize];
    private readonly float[] _slope = new float[TableSize];
    private readonly float[] _intercept = new float[TableSize];
    private readonly int _zeroExponent;
    private readonly float _zeroStep;
    private readonly int _signBits;

    private DynamicMap(bool isSigned)
    {
        _zeroExponent = isSigned ? 0 : 1;
        _zeroStep = isSigned ? 0 : 1;
        _signBits = isSigned ? int.MinValue : 0;
        Fill(isSigned);
        for (int exponent = _zeroExponent; exponent <= _zeroExponent + Decades + 1; exponent++)
        {
            SetTables(exponent);
        }
    }

    /// <summary>From -0.99296875 to 1; for first moments.</summary>
    public static DynamicMap Signed { get; } = new(isSigned: true);

    /// <summary>From 0 to 1; for second moments.</summary>
    public static DynamicMap Unsigned { get; } = new(isSigned: false);

    /// <summary>The entries, ascending.</summary>
    public ReadOnlySpan<float> Values => _values;

    // What is added to n, with its sign, to give the code.
    private int Offset => _signBits != 0 ? (Entries / 2) - 1 : -1;

    /// <summary>The entries of codes, given as numbers.</summary>
    /// <typeparam name="TLanes">The register type.</typeparam>
    /// <param name="code">0 to 255.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TLanes Decode<TLanes>(TLanes code)
        where TLanes : struct, ILanes<TLanes>
    {
        TLanes n = code - TLanes.All(Offset);
        TLanes u = TLanes.Fma(TLanes.All(2), TLanes.Abs(n), TLanes.All(1));
        TLanes place = TLanes.ShiftBitsRight(u, 23);
        TLanes power = TLanes.AndBits(u, TLanes.AllBits(0x7F800000));
        TLanes whole = TLanes.Fma(TLanes.All(-8), power, TLanes.All(9) * u);
        return TLanes.OrBits(Entry(whole, place), TLanes.AndBits(n, TLanes.AllBits(_signBits)));
    }

    /// <summary>The codes, as numbers, of the entries nearest to <paramref name="x"/>; half-way between two, of the one farther from 0.</summary>
    /// <typeparam name="TLanes">The register type.</typeparam>
    /// <param name="x">-1 to 1. What is not a number counts as 0.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TLanes Encode<TLanes>(TLanes x)
        where TLanes : struct, ILanes<TLanes>
    {
        // Everything below a tenth of the smallest entry is 0 anyway; the logarithm wants no less.
        TLanes y = TLanes.Max(TLanes.Abs(x), TLanes.All(1e-7f));

        // The exponent of u, biased, in the low bits: rounded log10(y) first, which is right or, below the decade's first entry, one too large.
        TLanes logarithm = TLanes.FromInteger(TLanes.AddBits(y, TLanes.AllBits(-127 << 23)));
        TLanes place = TLanes.Fma(TLanes.All(DecadesPerBit), logarithm, TLanes.All(Rounder + 127 + Decades + 1 + _zeroExponent));
        place = TLanes.AddBits(place, TLanes.GreaterThan(TLanes.Lookup(ref _first[0], place), y));
        TLanes power = TLanes.ShiftBitsLeft(place, 23);

        // n by the line through the decade, right or one too large.
        TLanes guess = TLanes.Fma(TLanes.Lookup(ref _slope[0], place), y, TLanes.Lookup(ref _intercept[0], place));
        TLanes n = TLanes.Min(guess + TLanes.All(Rounder) - TLanes.All(Rounder), power - TLanes.All(1));

        // The entry n and the one before it; near the middle of two entries both differences are exact.
        TLanes whole = TLanes.Fma(TLanes.All(-8), power, TLanes.Fma(TLanes.All(18), n, TLanes.All(9)));
        TLanes above = Entry(whole, place) - y;
        TLanes below = y - Entry(whole - TLanes.All(18), place);
        n -= TLanes.AndBits(TLanes.GreaterThan(above, below), TLanes.All(1));

        // The signed map has no -1.
        TLanes signed = TLanes.OrBits(n, TLanes.AndBits(x, TLanes.AllBits(_signBits)));
        return TLanes.Max(signed + TLanes.All(Offset), TLanes.All(0));
    }

    // c (9u - 8 2^E), with c as a sum of two floats: the table's float exactly.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private TLanes Entry<TLanes>(TLanes whole, TLanes place)
        where TLanes : struct, ILanes<TLanes> =>
        TLanes.Fma(whole, TLanes.Lookup(ref _factor[0], place), whole * TLanes.Lookup(ref _factorRest[0], place));

    private void Fill(bool isSigned)
    {
        int code = Offset + 1 + (int)_zeroStep;
        for (int i = 0; i < Decades; i++)
        {
            int parts = isSigned ? 1 << i : 2 << i;
            for (int r = 0; r < parts; r++, code++)
            {
                _values[code] = (float)((0.1 + (0.9 * (r + 0.5) / parts)) * Math.Pow(10, i - 6));
                if (isSigned)
                {
                    _values[(2 * Offset) - code] = -_values[code];
                }
            }
        }

        _values[code] = 1;
    }

    private void SetTables(int exponent)
    {
        int place = (exponent + 127) % TableSize;
        int decade = exponent - _zeroExponent;
        int power = 1 << exponent;

        // n of the decade's first entry, the smallest with 2n + 1 >= 2^E; the unsigned map's 0 has n = 1.
        int first = decade == 0 ? (int)_zeroStep : power / 2;
        double c = decade switch
        {
            0 => 0,
            Decades + 1 => 1.0 / ((9 * ((2 * first) + 1)) - (8 * power)),
            _ => Math.Pow(10, decade - 8) / power,
        };
        _factor[place] = (float)c;
        _factorRest[place] = (float)(c - _factor[place]);
        _first[place] = decade == 0 ? -1 : SmallestNearer(_values[Offset + first - 1], _values[Offset + first]);

        // From y = c (9 (2n + 1) - 8 2^E), at the middle between two entries; rounded to the nearest n, a little too large.
        bool isSingle = decade is 0 or Decades + 1;
        _slope[place] = isSingle ? 0 : (float)(1 / (18 * c));
        _intercept[place] = isSingle ? first : (float)(4.0 / 9 * power) - 0.5f + Slack;
    }

    // The smallest float that is at least as near to b as to a, where a < b.
    private static float SmallestNearer(float a, float b)
    {
        double middle = ((double)a + b) / 2;
        float nearest = (float)middle;
        return nearest < middle ? MathF.BitIncrement(nearest) : nearest;
    }
}
