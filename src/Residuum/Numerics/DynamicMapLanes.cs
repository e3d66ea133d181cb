using System.Runtime.CompilerServices;

namespace Residuum.Numerics;

/// <summary>The arithmetic of a <see cref="DynamicMap"/> in registers.</summary>
/// <typeparam name="TLanes">The register type.</typeparam>
/// <typeparam name="TMap">Signed or unsigned.</typeparam>
internal readonly ref struct DynamicMapLanes<TLanes, TMap>
    where TLanes : struct, ILanes<TLanes>
    where TMap : struct, IMapSign
{
    /// <summary>The least lower half of what <see cref="Encode"/> gives that can be trusted.</summary>
    public const int Unsure = 2 * DynamicMap.Margin;

    // 1.5 * 2^23: a float of that size has a unit in the last place of 1, so adding it rounds to a whole number, held in the low bits.
    private const float Rounder = 12582912;

    // The bit pattern of a float, taken as an integer, is nearly linear in its logarithm: that of 1 counts as 38 decades, of 38.2 that it
    // has.
    private const float DecadesOfOne = 38;
    private const float DecadesPerBit = DecadesOfOne / (127 << 23);

    // The code of 0 in the signed map.
    private const float SignedOffset = (DynamicMap.Entries / 2) - 1;

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

    /// <summary>
    /// The codes of the entries nearest to <paramref name="x"/>, in the upper half of the bits; the lower half says how sure that is.
    /// </summary>
    /// <remarks>
    /// A fixed-point number: where its lower half is less than <see cref="Unsure"/>, x is so near the middle of two entries that the code
    /// may be off by one, and <see cref="DynamicMap.Nearest"/> decides.
    /// </remarks>
    /// <param name="x">-1 to 1. What is not a number counts as 0.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TLanes Encode(TLanes x)
    {
        // Everything below a tenth of the smallest entry is 0 anyway; the logarithm wants no less.
        TLanes y = TLanes.Max(TMap.IsSigned ? TLanes.Abs(x) : x, TLanes.All(1e-7f));
        TLanes place = Place(y);
        TLanes line = TLanes.Fma(Lookup(DynamicMap.Table.Slope, place), y, Lookup(DynamicMap.Table.Intercept, place));
        TLanes code = TLanes.Min(line, Lookup(DynamicMap.Table.Limit, place));
        if (!TMap.IsSigned)
        {
            return TLanes.ToInteger(code);
        }

        // The signed map has no -1: no code below the first half.
        TLanes signed = TLanes.OrBits(code, TLanes.AndBits(x, TLanes.AllBits(int.MinValue)));
        TLanes counted = signed + TLanes.All(((SignedOffset + 0.5f) * DynamicMap.One) + DynamicMap.Margin);
        return TLanes.ToInteger(TLanes.Max(counted, TLanes.All(0.5f * DynamicMap.One)));
    }

    /// <summary>Whether one of the codes cannot be trusted.</summary>
    /// <param name="code">What <see cref="Encode"/> gave, or the smallest halves of several.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool IsUnsure(TLanes code)
    {
        TLanes lower = TLanes.FromInteger(TLanes.AndBits(code, TLanes.AllBits(0xFFFF)));
        return TLanes.AnyGreaterThan(TLanes.All(Unsure), lower);
    }

    // The exponent of u, biased, in the low bits: rounded log10(y) first, which is right or, below the decade's first entry, one too large.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private TLanes Place(TLanes y)
    {
        TLanes one = TLanes.All(Rounder + 127 + DynamicMap.Decades + (TMap.IsSigned ? 1 : 2) - DecadesOfOne);
        TLanes place = TLanes.Fma(TLanes.All(DecadesPerBit), TLanes.FromInteger(y), one);

        // A mask that is set is the integer -1.
        return TLanes.AddBits(place, TLanes.GreaterThan(Lookup(DynamicMap.Table.Start, place), y));
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
}
