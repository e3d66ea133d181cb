using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Residuum.Numerics;

/// <summary>Eight lanes in a 256-bit register.</summary>
[StructLayout(LayoutKind.Auto)]
public readonly struct Lanes8 : ILanes<Lanes8>
{
    private readonly Vector256<float> _x;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal Lanes8(Vector256<float> x) => _x = x;

    internal Vector256<float> Register => _x;

    /// <inheritdoc/>
    public static nuint Width => 8;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes8 Load(ref readonly float origin, nuint index) => new(Vector256.LoadUnsafe(in origin, index));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes8 All(float value) => new(Vector256.Create(value));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Store(ref float origin, nuint index) => _x.StoreUnsafe(ref origin, index);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes8 operator +(Lanes8 left, Lanes8 right) => new(left._x + right._x);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes8 operator -(Lanes8 left, Lanes8 right) => new(left._x - right._x);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes8 operator *(Lanes8 left, Lanes8 right) => new(left._x * right._x);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes8 operator /(Lanes8 left, Lanes8 right) => new(left._x / right._x);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes8 Fma(Lanes8 a, Lanes8 b, Lanes8 c) => new(Vector256.FusedMultiplyAdd(a._x, b._x, c._x));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes8 Sqrt(Lanes8 x) => new(Vector256.Sqrt(x._x));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes8 Abs(Lanes8 x) => new(Vector256.Abs(x._x));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes8 Min(Lanes8 a, Lanes8 b) => new(Smaller(a._x, b._x));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes8 Max(Lanes8 a, Lanes8 b) => new(Larger(a._x, b._x));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes8 GreaterThan(Lanes8 a, Lanes8 b) => new(Vector256.GreaterThan(a._x, b._x));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool AnyGreaterThan(Lanes8 a, Lanes8 b) => Vector256.GreaterThanAny(a._x, b._x);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes8 Select(Lanes8 mask, Lanes8 a, Lanes8 b) => new(Vector256.ConditionalSelect(mask._x, a._x, b._x));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes8 EqualTo(Lanes8 a, Lanes8 b) => new(Vector256.Equals(a._x, b._x));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes8 AndBits(Lanes8 a, Lanes8 b) => new(a._x & b._x);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes8 OrBits(Lanes8 a, Lanes8 b) => new(a._x | b._x);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes8 AddBits(Lanes8 a, Lanes8 b) => new((a._x.AsInt32() + b._x.AsInt32()).AsSingle());

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes8 ShiftBitsLeft(Lanes8 x, [ConstantExpected] int count) => new((x._x.AsInt32() << count).AsSingle());

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes8 ShiftBitsRight(Lanes8 x, [ConstantExpected] int count) => new((x._x.AsInt32() >> count).AsSingle());

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes8 AllBits(int bits) => new(Vector256.Create(bits).AsSingle());

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes8 LoadBFloat16(ref readonly ushort origin, nuint index)
    {
        Vector128<ushort> x = Vector128.LoadUnsafe(in origin, index);
        return new(Vector256.ShiftLeft(Vector256.Create(Vector128.WidenLower(x), Vector128.WidenUpper(x)), 16).AsSingle());
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes8 LoadNibbles(ref readonly byte origin, nuint index)
    {
        // One byte to a 64-bit lane; its high half becomes the lower 32-bit lane, its low half the upper.
        uint packed = Unsafe.ReadUnaligned<uint>(in Unsafe.Add(ref Unsafe.AsRef(in origin), index / 2));
        Vector256<ulong> x = Avx2.IsSupported
            ? Avx2.ConvertToVector256Int64(Vector128.CreateScalarUnsafe(packed).AsByte()).AsUInt64()
            : Vector256.WidenLower(Vector256.WidenLower(Vector256.WidenLower(Vector256.CreateScalarUnsafe(packed).AsByte())));
        Vector256<ulong> codes = ((x >> 4) | (x << 32)) & Vector256.Create(0x0000000F_0000000FUL);
        return new(Vector256.ConvertToSingle(codes.AsInt32()));
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void StoreUpperNibbles(ref byte origin, nuint index)
    {
        Vector256<ulong> x = _x.AsUInt64();
        Vector256<ulong> y = ((x >> 12) & Vector256.Create(0xF0UL)) | (x >> 48);
        Vector256<uint> narrow = Vector256.Narrow(y, y);
        Vector256<ushort> narrower = Vector256.Narrow(narrow, narrow);
        uint packed = Vector256.Narrow(narrower, narrower).AsUInt32().ToScalar();
        Unsafe.WriteUnaligned(ref Unsafe.Add(ref origin, index / 2), packed);
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes8 LoadBytes(ref readonly byte origin, nuint index)
    {
        ulong bytes = Unsafe.ReadUnaligned<ulong>(in Unsafe.Add(ref Unsafe.AsRef(in origin), index));
        Vector128<ushort> x = Vector128.WidenLower(Vector128.CreateScalarUnsafe(bytes).AsByte());
        return new(Vector256.ConvertToSingle(Vector256.Create(Vector128.WidenLower(x), Vector128.WidenUpper(x)).AsInt32()));
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void StoreLowBytes(ref byte origin, nuint index)
    {
        Vector128<ushort> narrow = Vector128.Narrow(_x.GetLower().AsUInt32(), _x.GetUpper().AsUInt32());
        Unsafe.WriteUnaligned(ref Unsafe.Add(ref origin, index), Vector128.Narrow(narrow, narrow).AsUInt64().ToScalar());
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void StoreUpperHalves(ref ushort origin, nuint index)
    {
        Vector256<uint> x = _x.AsUInt32() >> 16;
        Vector128.Narrow(x.GetLower(), x.GetUpper()).StoreUnsafe(ref origin, index);
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes8 FromInteger(Lanes8 bits) => new(Vector256.ConvertToSingle(bits._x.AsInt32()));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes8 ToInteger(Lanes8 x) => new(Vector256.ConvertToInt32Native(x._x).AsSingle());

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes8 MinHalves(Lanes8 a, Lanes8 b) => new(Vector256.Min(a._x.AsUInt16(), b._x.AsUInt16()).AsSingle());

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes8 Lookup(ref readonly float table, Lanes8 bits)
    {
        // A place beyond a half's eight numbers gives 0 there.
        Vector256<int> place = bits._x.AsInt32() & Vector256.Create(15);
        Vector256<float> low = Vector256.Shuffle(Vector256.LoadUnsafe(in table), place);
        Vector256<float> high = Vector256.Shuffle(Vector256.LoadUnsafe(in table, 8), place - Vector256.Create(8));
        return new(low | high);
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public float MinAcross()
    {
        return MinAcross(_x);
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public float MaxAcross()
    {
        return MaxAcross(_x);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static float MinAcross(Vector256<float> x)
    {
        Vector128<float> quarter = Smaller(x.GetLower(), x.GetUpper());
        quarter = Smaller(quarter, Vector128.Shuffle(quarter, Vector128.Create(2, 3, 0, 1)));
        return Smaller(quarter, Vector128.Shuffle(quarter, Vector128.Create(1, 0, 3, 2))).ToScalar();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static float MaxAcross(Vector256<float> x)
    {
        Vector128<float> quarter = Larger(x.GetLower(), x.GetUpper());
        quarter = Larger(quarter, Vector128.Shuffle(quarter, Vector128.Create(2, 3, 0, 1)));
        return Larger(quarter, Vector128.Shuffle(quarter, Vector128.Create(1, 0, 3, 2))).ToScalar();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> Smaller(Vector128<float> a, Vector128<float> b) =>
        Sse.IsSupported ? Sse.Min(a, b) : Vector128.ConditionalSelect(Vector128.LessThan(a, b), a, b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> Larger(Vector128<float> a, Vector128<float> b) =>
        Sse.IsSupported ? Sse.Max(a, b) : Vector128.ConditionalSelect(Vector128.GreaterThan(a, b), a, b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Vector256<float> Smaller(Vector256<float> a, Vector256<float> b) =>
        Avx.IsSupported ? Avx.Min(a, b) : Vector256.ConditionalSelect(Vector256.LessThan(a, b), a, b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Vector256<float> Larger(Vector256<float> a, Vector256<float> b) =>
        Avx.IsSupported ? Avx.Max(a, b) : Vector256.ConditionalSelect(Vector256.GreaterThan(a, b), a, b);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes8 LoadPairs(ref readonly float origin, nuint index, out Lanes8 b)
    {
        // a0 b0 a1 b1 | a2 b2 a3 b3 in each half: first the pairs' halves side by side, then the halves in order.
        Vector256<float> low = Vector256.Shuffle(Vector256.LoadUnsafe(in origin, 2 * index), Vector256.Create(0, 2, 4, 6, 1, 3, 5, 7));
        Vector256<float> high = Vector256.Shuffle(
            Vector256.LoadUnsafe(in origin, (2 * index) + 8), Vector256.Create(0, 2, 4, 6, 1, 3, 5, 7));
        b = new(Vector256.Create(low.GetUpper(), high.GetUpper()));
        return new(Vector256.Create(low.GetLower(), high.GetLower()));
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StorePairs(Lanes8 a, Lanes8 b, ref float origin, nuint index)
    {
        Vector256<int> interleaved = Vector256.Create(0, 4, 1, 5, 2, 6, 3, 7);
        Vector256.Shuffle(Vector256.Create(a._x.GetLower(), b._x.GetLower()), interleaved).StoreUnsafe(ref origin, 2 * index);
        Vector256.Shuffle(Vector256.Create(a._x.GetUpper(), b._x.GetUpper()), interleaved).StoreUnsafe(ref origin, (2 * index) + 8);
    }
}
