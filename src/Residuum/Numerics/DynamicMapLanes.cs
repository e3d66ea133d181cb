using System.Runtime.CompilerServices;

namespace Residuum.Numerics;

/// <summary>The arithmetic of a <see cref="DynamicMap"/> in registers.</summary>
/// <typeparam name="TLanes">The register type.</typeparam>
/// <typeparam name="TMap">Signed or unsigned.</typeparam>
internal readonly ref struct DynamicMapLanes<TLanes, TMap>
    where TLanes : struct, ILanes<TLanes>
    where TMap : struct, IMapSign
{
    /// <summary>What <see cref="Guess"/> can be trusted up to.</summary>
    public const float MostDoubt = 0.5f - Slack;

    // 1.5 * 2^23: a float of that size has a unit in the last place of 1, so adding it rounds to a whole number, held in the low bits.
    private const float Rounder = 12582912;

    // log10(2) / 2^23: the bit pattern of a float, taken as an integer, is nearly linear in its logarithm.
    private const float DecadesPerBit = 3.5885571e-8f;

    // The code of 0 in the signed map.
    private const float SignedOffset = (DynamicMap.Entries / 2) - 1;

    // More than the line through a decade errs by in float32.
    private const float Slack = 1f / 16384;

    private readonly ref readonly float _tables;

    /// <summary>Finds the map's tables.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public DynamicMapLanes() => _tables = ref TMap.Map.FirstTable;

    /// <summary>The entries of codes, given as numbers.</summary>
    /// <param name="code">0 to 255.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TLanes Decode(TLanes code)
    {
        if (!TMap.IsSigned)
        {
            return Entry(code, TLanes.Fma(TLanes.All(2), code, TLanes.All(3)));
        }

        TLanes n = code - TLanes.All(SignedOffset);
        TLanes magnitude = TLanes.Abs(n);
        TLanes entry = Entry(magnitude, TLanes.Fma(TLanes.All(2), magnitude, TLanes.All(1)));
        return TLanes.OrBits(entry, TLanes.AndBits(n, TLanes.AllBits(int.MinValue)));
    }

    /// <summary>The codes, as numbers, of the entries nearest to <paramref name="x"/>, unless x is too near the middle of two entries to tell.</summary>
    /// <param name="x">-1 to 1. What is not a number counts as 0.</param>
    /// <param name="doubt">Raised to how far a lane is from its entry, in steps of the map; above <see cref="MostDoubt"/> the code may be wrong.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TLanes Guess(TLanes x, ref TLanes doubt)
    {
        TLanes y = Magnitude(x);
        TLanes place = Place(y);
        TLanes exact = Line(y, place);
        TLanes n = Round(exact);
        doubt = TLanes.Max(TLanes.Abs(exact - n), doubt);
        return Code(TLanes.Min(n, Lookup(DynamicMap.Table.Last, place)), x);
    }

    /// <summary>The codes, as numbers, of the entries nearest to <paramref name="x"/>; half-way between two, of the one farther from 0.</summary>
    /// <param name="x">-1 to 1. What is not a number counts as 0.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TLanes Encode(TLanes x)
    {
        // n is right or, a little before the middle, one too large: then the entry before is nearer. Near the middle both differences are exact.
        TLanes y = Magnitude(x);
        TLanes place = Place(y);
        TLanes n = TLanes.Min(Round(Line(y, place) + TLanes.All(Slack)), Lookup(DynamicMap.Table.Last, place));
        TLanes counted = TMap.IsSigned ? n : n - TLanes.All(1);
        TLanes whole = TLanes.Fma(TLanes.All(18), counted, Lookup(DynamicMap.Table.Whole, place));
        TLanes above = Product(whole, place) - y;
        TLanes below = y - Product(whole - TLanes.All(18), place);
        return Code(n - TLanes.AndBits(TLanes.GreaterThan(above, below), TLanes.All(1)), x);
    }

    // Everything below a tenth of the smallest entry is 0 anyway; the logarithm wants no less.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TLanes Magnitude(TLanes x) => TLanes.Max(TMap.IsSigned ? TLanes.Abs(x) : x, TLanes.All(1e-7f));

    // The exponent of u, biased, in the low bits: rounded log10(y) first, which is right or, below the decade's first entry, one too large.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private TLanes Place(TLanes y)
    {
        TLanes logarithm = TLanes.FromInteger(TLanes.AddBits(y, TLanes.AllBits(-127 << 23)));
        TLanes one = TLanes.All(Rounder + 127 + DynamicMap.Decades + (TMap.IsSigned ? 1 : 2));
        TLanes place = TLanes.Fma(TLanes.All(DecadesPerBit), logarithm, one);
        TLanes isBelow = TLanes.GreaterThan(Lookup(DynamicMap.Table.Start, place), y);
        return TLanes.Select(isBelow, TLanes.AddBits(place, TLanes.AllBits(-1)), place);
    }

    // n by the line through the decade, not rounded.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private TLanes Line(TLanes y, TLanes place) =>
        TLanes.Fma(Lookup(DynamicMap.Table.Slope, place), y, Lookup(DynamicMap.Table.Intercept, place));

    // n with the sign of x, counted from the first entry; the signed map has no -1.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TLanes Code(TLanes n, TLanes x)
    {
        if (!TMap.IsSigned)
        {
            return n - TLanes.All(1);
        }

        TLanes signed = TLanes.OrBits(n, TLanes.AndBits(x, TLanes.AllBits(int.MinValue)));
        return TLanes.Max(signed + TLanes.All(SignedOffset), TLanes.All(0));
    }

    // The entry of a code counted from 0, with the u that belongs to it.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private TLanes Entry(TLanes counted, TLanes u)
    {
        TLanes place = TLanes.ShiftBitsRight(u, 23);
        return Product(TLanes.Fma(TLanes.All(18), counted, Lookup(DynamicMap.Table.Whole, place)), place);
    }

    // c (9u - 8 2^E), with c as a sum of two floats: the table's float exactly.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private TLanes Product(TLanes whole, TLanes place) =>
        TLanes.Fma(whole, Lookup(DynamicMap.Table.Factor, place), whole * Lookup(DynamicMap.Table.FactorRest, place));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private TLanes Lookup(DynamicMap.Table table, TLanes place) =>
        TLanes.Lookup(in Unsafe.Add(ref Unsafe.AsRef(in _tables), (int)table * DynamicMap.TableSize), place);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TLanes Round(TLanes x) => x + TLanes.All(Rounder) - TLanes.All(Rounder);
}
