using System.Diagnostics.CodeAnalysis;

namespace Residuum.Numerics;

/// <summary>A register of float32 lanes. A kernel written once over this interface runs 16, 8 or 1 numbers at a time.</summary>
/// <remarks>
/// Every operation is correctly rounded and fused multiply-add is explicit, so all widths give the same bits: the one-lane instance is
/// tail, fallback and test oracle at once. Indices are element offsets from a reference; the kernel's caller has checked the bounds.
/// A mask is a register whose lanes have all bits set or none.
/// </remarks>
/// <typeparam name="TSelf">The register type.</typeparam>
public interface ILanes<TSelf>
    where TSelf : struct, ILanes<TSelf>
{
    /// <summary>The number of lanes.</summary>
    static abstract nuint Width { get; }

    /// <summary>Loads <see cref="Width"/> numbers, <paramref name="index"/> elements after <paramref name="origin"/>.</summary>
    /// <param name="origin">The start of the array.</param>
    /// <param name="index">The offset in elements.</param>
    static abstract TSelf Load(ref readonly float origin, nuint index);

    /// <summary>The same number in every lane.</summary>
    /// <param name="value">The number.</param>
    static abstract TSelf All(float value);

    /// <summary>Stores the lanes, <paramref name="index"/> elements after <paramref name="origin"/>.</summary>
    /// <param name="origin">The start of the array.</param>
    /// <param name="index">The offset in elements.</param>
    void Store(ref float origin, nuint index);

    /// <summary>Sum.</summary>
    /// <param name="left">The first operand.</param>
    /// <param name="right">The second operand.</param>
    static abstract TSelf operator +(TSelf left, TSelf right);

    /// <summary>Difference.</summary>
    /// <param name="left">The first operand.</param>
    /// <param name="right">The second operand.</param>
    static abstract TSelf operator -(TSelf left, TSelf right);

    /// <summary>Product.</summary>
    /// <param name="left">The first operand.</param>
    /// <param name="right">The second operand.</param>
    static abstract TSelf operator *(TSelf left, TSelf right);

    /// <summary>Quotient.</summary>
    /// <param name="left">The first operand.</param>
    /// <param name="right">The second operand.</param>
    static abstract TSelf operator /(TSelf left, TSelf right);

    /// <summary><c>a * b + c</c>, rounded once.</summary>
    /// <param name="a">The first factor.</param>
    /// <param name="b">The second factor.</param>
    /// <param name="c">The addend.</param>
    static abstract TSelf Fma(TSelf a, TSelf b, TSelf c);

    /// <summary>Square root.</summary>
    /// <param name="x">The operand.</param>
    static abstract TSelf Sqrt(TSelf x);

    /// <summary>Absolute value.</summary>
    /// <param name="x">The operand.</param>
    static abstract TSelf Abs(TSelf x);

    /// <summary>The smaller of two numbers: <c>a &lt; b ? a : b</c>, so b where one is not a number.</summary>
    /// <param name="a">The first operand.</param>
    /// <param name="b">The second operand.</param>
    static abstract TSelf Min(TSelf a, TSelf b);

    /// <summary>The larger of two numbers: <c>a &gt; b ? a : b</c>, so b where one is not a number.</summary>
    /// <param name="a">The first operand.</param>
    /// <param name="b">The second operand.</param>
    static abstract TSelf Max(TSelf a, TSelf b);

    /// <summary>A mask of the lanes where <paramref name="a"/> is greater than <paramref name="b"/>.</summary>
    /// <param name="a">The first operand.</param>
    /// <param name="b">The second operand.</param>
    static abstract TSelf GreaterThan(TSelf a, TSelf b);

    /// <summary>Whether in some lane <paramref name="a"/> is greater than <paramref name="b"/>.</summary>
    /// <param name="a">The first operand.</param>
    /// <param name="b">The second operand.</param>
    static abstract bool AnyGreaterThan(TSelf a, TSelf b);

    /// <summary><paramref name="a"/> where the mask is set, else <paramref name="b"/>.</summary>
    /// <param name="mask">All bits set or none, per lane.</param>
    /// <param name="a">Taken where set.</param>
    /// <param name="b">Taken where not.</param>
    static abstract TSelf Select(TSelf mask, TSelf a, TSelf b);

    /// <summary>A mask of the lanes where the operands are equal; never where one is not a number.</summary>
    /// <param name="a">The first operand.</param>
    /// <param name="b">The second operand.</param>
    static abstract TSelf EqualTo(TSelf a, TSelf b);

    /// <summary>Where the two bit patterns both have a one.</summary>
    /// <param name="a">The first operand.</param>
    /// <param name="b">The second operand.</param>
    static abstract TSelf AndBits(TSelf a, TSelf b);

    /// <summary>Where at least one of the two bit patterns has a one.</summary>
    /// <param name="a">The first operand.</param>
    /// <param name="b">The second operand.</param>
    static abstract TSelf OrBits(TSelf a, TSelf b);

    /// <summary>The sum of the bit patterns as 32-bit integers, wrapping.</summary>
    /// <param name="a">The first operand.</param>
    /// <param name="b">The second operand.</param>
    static abstract TSelf AddBits(TSelf a, TSelf b);

    /// <summary>The bit pattern moved left, zeros moving in.</summary>
    /// <param name="x">The operand.</param>
    /// <param name="count">0 to 31.</param>
    static abstract TSelf ShiftBitsLeft(TSelf x, [ConstantExpected] int count);

    /// <summary>The bit pattern moved right, copies of the highest bit moving in.</summary>
    /// <param name="x">The operand.</param>
    /// <param name="count">0 to 31.</param>
    static abstract TSelf ShiftBitsRight(TSelf x, [ConstantExpected] int count);

    /// <summary>The same bit pattern in every lane.</summary>
    /// <param name="bits">The pattern.</param>
    static abstract TSelf AllBits(int bits);

    /// <summary>Loads <see cref="Width"/> bfloat16 numbers, <paramref name="index"/> elements after <paramref name="origin"/>.</summary>
    /// <param name="origin">The start of the array of bit patterns.</param>
    /// <param name="index">The offset in elements.</param>
    static abstract TSelf LoadBFloat16(ref readonly ushort origin, nuint index);

    /// <summary>
    /// Loads <see cref="Width"/> 4-bit codes as the numbers 0 to 15. Byte j holds element 2j in its high half and 2j + 1 in its low half.
    /// </summary>
    /// <param name="origin">The start of the packed codes.</param>
    /// <param name="index">The offset in elements, even unless the width is 1.</param>
    static abstract TSelf LoadNibbles(ref readonly byte origin, nuint index);

    /// <summary>
    /// Stores the upper halves of the bit patterns, 0 to 15, as 4-bit codes packed as <see cref="LoadNibbles"/> reads them.
    /// </summary>
    /// <param name="origin">The start of the packed codes.</param>
    /// <param name="index">The offset in elements, even unless the width is 1.</param>
    void StoreUpperNibbles(ref byte origin, nuint index);

    /// <summary>Loads <see cref="Width"/> bytes as the numbers 0 to 255.</summary>
    /// <param name="origin">The start of the array.</param>
    /// <param name="index">The offset in elements.</param>
    static abstract TSelf LoadBytes(ref readonly byte origin, nuint index);

    /// <summary>Stores the lowest byte of each bit pattern.</summary>
    /// <param name="origin">The start of the array.</param>
    /// <param name="index">The offset in elements.</param>
    void StoreLowBytes(ref byte origin, nuint index);

    /// <summary>Stores the upper half of each bit pattern: a bfloat16 number where the lower one is zero.</summary>
    /// <param name="origin">The start of the array of bit patterns.</param>
    /// <param name="index">The offset in elements.</param>
    void StoreUpperHalves(ref ushort origin, nuint index);

    /// <summary>The 32-bit integers that the bit patterns are, as numbers, rounded to nearest.</summary>
    /// <param name="bits">The operand.</param>
    static abstract TSelf FromInteger(TSelf bits);

    /// <summary>The whole parts of numbers between -2^31 and 2^31 as 32-bit integers.</summary>
    /// <param name="x">The operand.</param>
    static abstract TSelf ToInteger(TSelf x);

    /// <summary>
    /// The smaller of the upper and of the lower halves of the bit patterns, each taken as an integer of 16 bits without a sign.
    /// </summary>
    /// <param name="a">The first operand.</param>
    /// <param name="b">The second operand.</param>
    static abstract TSelf MinHalves(TSelf a, TSelf b);

    /// <summary>The numbers at the places that the lowest four bits of each bit pattern give.</summary>
    /// <param name="table">The start of sixteen numbers.</param>
    /// <param name="bits">The places.</param>
    static abstract TSelf Lookup(ref readonly float table, TSelf bits);

    /// <summary>The smallest lane.</summary>
    float MinAcross();

    /// <summary>The largest lane.</summary>
    float MaxAcross();

    /// <summary>Loads two times <see cref="Width"/> numbers, <c>a0 b0 a1 b1 ...</c>, from pair <paramref name="index"/> on.</summary>
    /// <param name="origin">The start of the array of pairs.</param>
    /// <param name="index">The offset in pairs.</param>
    /// <param name="b">The second of each pair.</param>
    /// <returns>The first of each pair.</returns>
    static abstract TSelf LoadPairs(ref readonly float origin, nuint index, out TSelf b);

    /// <summary>Stores <c>a0 b0 a1 b1 ...</c> from pair <paramref name="index"/> on.</summary>
    /// <param name="a">The first of each pair.</param>
    /// <param name="b">The second of each pair.</param>
    /// <param name="origin">The start of the array of pairs.</param>
    /// <param name="index">The offset in pairs.</param>
    static abstract void StorePairs(TSelf a, TSelf b, ref float origin, nuint index);
}
