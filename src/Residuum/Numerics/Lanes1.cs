using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace Residuum.Numerics;

/// <summary>One lane: the tail of every kernel, the fallback without vector instructions, and the tests' oracle.</summary>
public readonly struct Lanes1 : ILanes<Lanes1>
{
    private readonly float _x;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Lanes1(float x) => _x = x;

    /// <inheritdoc/>
    public static nuint Width => 1;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes1 Load(ref readonly float origin, nuint index) => new(Unsafe.Add(ref Unsafe.AsRef(in origin), index));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes1 All(float value) => new(value);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Store(ref float origin, nuint index) => Unsafe.Add(ref origin, index) = _x;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes1 operator +(Lanes1 left, Lanes1 right) => new(left._x + right._x);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes1 operator -(Lanes1 left, Lanes1 right) => new(left._x - right._x);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes1 operator *(Lanes1 left, Lanes1 right) => new(left._x * right._x);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes1 operator /(Lanes1 left, Lanes1 right) => new(left._x / right._x);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes1 Fma(Lanes1 a, Lanes1 b, Lanes1 c) => new(MathF.FusedMultiplyAdd(a._x, b._x, c._x));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes1 Sqrt(Lanes1 x) => new(MathF.Sqrt(x._x));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes1 Abs(Lanes1 x) => new(MathF.Abs(x._x));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes1 Min(Lanes1 a, Lanes1 b) => a._x < b._x ? a : b;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes1 Max(Lanes1 a, Lanes1 b) => a._x > b._x ? a : b;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes1 GreaterThan(Lanes1 a, Lanes1 b) => new(BitConverter.Int32BitsToSingle(a._x > b._x ? -1 : 0));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool AnyGreaterThan(Lanes1 a, Lanes1 b) => a._x > b._x;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes1 Select(Lanes1 mask, Lanes1 a, Lanes1 b) => BitConverter.SingleToInt32Bits(mask._x) != 0 ? a : b;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes1 EqualTo(Lanes1 a, Lanes1 b) => new(BitConverter.Int32BitsToSingle(a._x == b._x ? -1 : 0));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes1 AndBits(Lanes1 a, Lanes1 b) =>
        new(BitConverter.Int32BitsToSingle(BitConverter.SingleToInt32Bits(a._x) & BitConverter.SingleToInt32Bits(b._x)));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes1 OrBits(Lanes1 a, Lanes1 b) =>
        new(BitConverter.Int32BitsToSingle(BitConverter.SingleToInt32Bits(a._x) | BitConverter.SingleToInt32Bits(b._x)));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes1 AddBits(Lanes1 a, Lanes1 b) =>
        new(BitConverter.Int32BitsToSingle(unchecked(BitConverter.SingleToInt32Bits(a._x) + BitConverter.SingleToInt32Bits(b._x))));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes1 ShiftBitsLeft(Lanes1 x, [ConstantExpected] int count) =>
        new(BitConverter.Int32BitsToSingle(BitConverter.SingleToInt32Bits(x._x) << count));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes1 ShiftBitsRight(Lanes1 x, [ConstantExpected] int count) =>
        new(BitConverter.Int32BitsToSingle(BitConverter.SingleToInt32Bits(x._x) >> count));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes1 AllBits(int bits) => new(BitConverter.Int32BitsToSingle(bits));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes1 LoadBFloat16(ref readonly ushort origin, nuint index) =>
        new(BFloat16.ToSingle(Unsafe.Add(ref Unsafe.AsRef(in origin), index)));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes1 LoadNibbles(ref readonly byte origin, nuint index)
    {
        int pair = Unsafe.Add(ref Unsafe.AsRef(in origin), index / 2);
        return new(index % 2 == 0 ? pair >> 4 : pair & 0xF);
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void StoreUpperNibbles(ref byte origin, nuint index)
    {
        ref byte pair = ref Unsafe.Add(ref origin, index / 2);
        int code = BitConverter.SingleToInt32Bits(_x) >> 16;
        pair = (byte)(index % 2 == 0 ? (pair & 0x0F) | (code << 4) : (pair & 0xF0) | code);
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes1 LoadBytes(ref readonly byte origin, nuint index) => new(Unsafe.Add(ref Unsafe.AsRef(in origin), index));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void StoreLowBytes(ref byte origin, nuint index) => Unsafe.Add(ref origin, index) = (byte)BitConverter.SingleToInt32Bits(_x);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void StoreUpperHalves(ref ushort origin, nuint index) =>
        Unsafe.Add(ref origin, index) = (ushort)(BitConverter.SingleToUInt32Bits(_x) >> 16);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes1 FromInteger(Lanes1 bits) => new(BitConverter.SingleToInt32Bits(bits._x));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes1 ToInteger(Lanes1 x) => new(BitConverter.Int32BitsToSingle((int)x._x));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes1 MinHalves(Lanes1 a, Lanes1 b)
    {
        uint x = BitConverter.SingleToUInt32Bits(a._x);
        uint y = BitConverter.SingleToUInt32Bits(b._x);
        return new(BitConverter.UInt32BitsToSingle(Math.Min(x & 0xFFFF_0000, y & 0xFFFF_0000) | Math.Min(x & 0xFFFF, y & 0xFFFF)));
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes1 Lookup(ref readonly float table, Lanes1 bits) =>
        Load(in table, (nuint)(BitConverter.SingleToInt32Bits(bits._x) & 15));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public float MinAcross() => _x;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public float MaxAcross() => _x;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes1 LoadPairs(ref readonly float origin, nuint index, out Lanes1 b)
    {
        b = Load(in origin, (2 * index) + 1);
        return Load(in origin, 2 * index);
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StorePairs(Lanes1 a, Lanes1 b, ref float origin, nuint index)
    {
        a.Store(ref origin, 2 * index);
        b.Store(ref origin, (2 * index) + 1);
    }
}
