using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Residuum.Numerics;

/// <summary>Sixteen lanes in a 512-bit register.</summary>
[StructLayout(LayoutKind.Auto)]
public readonly struct Lanes16 : ILanes<Lanes16>
{
    private readonly Vector512<float> _x;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Lanes16(Vector512<float> x) => _x = x;

    /// <inheritdoc/>
    public static nuint Width => 16;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes16 Load(ref readonly float origin, nuint index) => new(Vector512.LoadUnsafe(in origin, index));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes16 All(float value) => new(Vector512.Create(value));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Store(ref float origin, nuint index) => _x.StoreUnsafe(ref origin, index);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes16 operator +(Lanes16 left, Lanes16 right) => new(left._x + right._x);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes16 operator -(Lanes16 left, Lanes16 right) => new(left._x - right._x);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes16 operator *(Lanes16 left, Lanes16 right) => new(left._x * right._x);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes16 operator /(Lanes16 left, Lanes16 right) => new(left._x / right._x);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes16 Fma(Lanes16 a, Lanes16 b, Lanes16 c) => new(Vector512.FusedMultiplyAdd(a._x, b._x, c._x));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes16 Sqrt(Lanes16 x) => new(Vector512.Sqrt(x._x));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes16 Abs(Lanes16 x) => new(Vector512.Abs(x._x));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes16 Min(Lanes16 a, Lanes16 b) => new(Smaller(a._x, b._x));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes16 Max(Lanes16 a, Lanes16 b) => new(Larger(a._x, b._x));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes16 GreaterThan(Lanes16 a, Lanes16 b) => new(Vector512.GreaterThan(a._x, b._x));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool AnyGreaterThan(Lanes16 a, Lanes16 b) => Vector512.GreaterThanAny(a._x, b._x);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes16 Select(Lanes16 mask, Lanes16 a, Lanes16 b) => new(Vector512.ConditionalSelect(mask._x, a._x, b._x));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes16 EqualTo(Lanes16 a, Lanes16 b) => new(Vector512.Equals(a._x, b._x));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes16 AndBits(Lanes16 a, Lanes16 b) => new(a._x & b._x);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes16 OrBits(Lanes16 a, Lanes16 b) => new(a._x | b._x);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes16 AddBits(Lanes16 a, Lanes16 b) => new((a._x.AsInt32() + b._x.AsInt32()).AsSingle());

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes16 ShiftBitsLeft(Lanes16 x, [ConstantExpected] int count) => new((x._x.AsInt32() << count).AsSingle());

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes16 ShiftBitsRight(Lanes16 x, [ConstantExpected] int count) => new((x._x.AsInt32() >> count).AsSingle());

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes16 AllBits(int bits) => new(Vector512.Create(bits).AsSingle());

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes16 LoadBFloat16(ref readonly ushort origin, nuint index)
    {
        Vector256<ushort> x = Vector256.LoadUnsafe(in origin, index);
        return new(Vector512.ShiftLeft(Vector512.Create(Vector256.WidenLower(x), Vector256.WidenUpper(x)), 16).AsSingle());
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes16 LoadNibbles(ref readonly byte origin, nuint index)
    {
        // One byte to a 64-bit lane; its high half becomes the lower 32-bit lane, its low half the upper.
        ulong packed = Unsafe.ReadUnaligned<ulong>(in Unsafe.Add(ref Unsafe.AsRef(in origin), index / 2));
        Vector512<ulong> x = Avx512F.IsSupported
            ? Avx512F.ConvertToVector512UInt64(Vector128.CreateScalarUnsafe(packed).AsByte())
            : Vector512.WidenLower(Vector512.WidenLower(Vector512.WidenLower(Vector512.CreateScalarUnsafe(packed).AsByte())));
        Vector512<ulong> codes = ((x >> 4) | (x << 32)) & Vector512.Create(0x0000000F_0000000FUL);
        return new(Vector512.ConvertToSingle(codes.AsInt32()));
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void StoreUpperNibbles(ref byte origin, nuint index)
    {
        Vector512<ulong> x = _x.AsUInt64();
        Vector512<ulong> y = ((x >> 12) & Vector512.Create(0xF0UL)) | (x >> 48);
        ulong packed = Avx512F.IsSupported ? Avx512F.ConvertToVector128Byte(y).AsUInt64().ToScalar() : NarrowToBytes(y);
        Unsafe.WriteUnaligned(ref Unsafe.Add(ref origin, index / 2), packed);
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes16 LoadBytes(ref readonly byte origin, nuint index)
    {
        Vector128<byte> bytes = Vector128.LoadUnsafe(in origin, index);
        Vector512<int> x = Avx512F.IsSupported
            ? Avx512F.ConvertToVector512Int32(bytes)
            : Vector512.WidenLower(Vector512.WidenLower(bytes.ToVector256Unsafe().ToVector512Unsafe())).AsInt32();
        return new(Vector512.ConvertToSingle(x));
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void StoreLowBytes(ref byte origin, nuint index) =>
        (Avx512F.IsSupported ? Avx512F.ConvertToVector128Byte(_x.AsInt32()) : NarrowToSixteenBytes(_x.AsUInt32()))
            .StoreUnsafe(ref origin, index);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void StoreUpperHalves(ref ushort origin, nuint index)
    {
        Vector512<uint> x = _x.AsUInt32() >> 16;
        (Avx512F.IsSupported ? Avx512F.ConvertToVector256UInt16(x) : Vector256.Narrow(x.GetLower(), x.GetUpper()))
            .StoreUnsafe(ref origin, index);
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes16 FromInteger(Lanes16 bits) => new(Vector512.ConvertToSingle(bits._x.AsInt32()));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes16 ToInteger(Lanes16 x) => new(Vector512.ConvertToInt32Native(x._x).AsSingle());

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes16 MinHalves(Lanes16 a, Lanes16 b) => new(Vector512.Min(a._x.AsUInt16(), b._x.AsUInt16()).AsSingle());

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes16 Lookup(ref readonly float table, Lanes16 bits) => new(Avx512F.IsSupported
        ? Avx512F.PermuteVar16x32(Vector512.LoadUnsafe(in table), bits._x.AsInt32())
        : Vector512.Shuffle(Vector512.LoadUnsafe(in table), bits._x.AsInt32() & Vector512.Create(15)));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public float MinAcross()
    {
        return Lanes8.MinAcross(Lanes8.Smaller(_x.GetLower(), _x.GetUpper()));
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public float MaxAcross()
    {
        return Lanes8.MaxAcross(Lanes8.Larger(_x.GetLower(), _x.GetUpper()));
    }

    private static Vector128<byte> NarrowToSixteenBytes(Vector512<uint> x)
    {
        Vector512<ushort> narrow = Vector512.Narrow(x, x);
        return Vector512.Narrow(narrow, narrow).GetLower().GetLower();
    }

    private static ulong NarrowToBytes(Vector512<ulong> x)
    {
        Vector512<uint> narrow = Vector512.Narrow(x, x);
        Vector512<ushort> narrower = Vector512.Narrow(narrow, narrow);
        return Vector512.Narrow(narrower, narrower).AsUInt64().ToScalar();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Smaller(Vector512<float> a, Vector512<float> b) =>
        Avx512F.IsSupported ? Avx512F.Min(a, b) : Vector512.ConditionalSelect(Vector512.LessThan(a, b), a, b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Larger(Vector512<float> a, Vector512<float> b) =>
        Avx512F.IsSupported ? Avx512F.Max(a, b) : Vector512.ConditionalSelect(Vector512.GreaterThan(a, b), a, b);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes16 LoadPairs(ref readonly float origin, nuint index, out Lanes16 b)
    {
        if (Avx512F.IsSupported)
        {
            Vector512<float> low = Vector512.LoadUnsafe(in origin, 2 * index);
            Vector512<float> high = Vector512.LoadUnsafe(in origin, (2 * index) + 16);
            Vector512<int> even = Vector512.Create(0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22, 24, 26, 28, 30);
            b = new(Avx512F.PermuteVar16x32x2(low, even + Vector512<int>.One, high));
            return new(Avx512F.PermuteVar16x32x2(low, even, high));
        }

        Lanes8 a0 = Lanes8.LoadPairs(in origin, index, out Lanes8 b0);
        Lanes8 a1 = Lanes8.LoadPairs(in origin, index + 8, out Lanes8 b1);
        b = new(Vector512.Create(b0.Register, b1.Register));
        return new(Vector512.Create(a0.Register, a1.Register));
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StorePairs(Lanes16 a, Lanes16 b, ref float origin, nuint index)
    {
        if (Avx512F.IsSupported)
        {
            Vector512<int> first = Vector512.Create(0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23);
            Avx512F.PermuteVar16x32x2(a._x, first, b._x).StoreUnsafe(ref origin, 2 * index);
            Avx512F.PermuteVar16x32x2(a._x, first + Vector512.Create(8), b._x).StoreUnsafe(ref origin, (2 * index) + 16);
            return;
        }

        Lanes8.StorePairs(new(a._x.GetLower()), new(b._x.GetLower()), ref origin, index);
        Lanes8.StorePairs(new(a._x.GetUpper()), new(b._x.GetUpper()), ref origin, index + 8);
    }
}
