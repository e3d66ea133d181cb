using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Residuum.Numerics;

/// <summary>bfloat16: the upper half of a float32, kept as its 16-bit pattern.</summary>
public static class BFloat16
{
    private const int UpperHalf = unchecked((int)0xFFFF0000);
    private const int LargestFinite = 0x7F7F0000;
    private const int SignBit = int.MinValue;

    /// <summary>The number of a bit pattern.</summary>
    /// <param name="bits">The pattern.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float ToSingle(ushort bits) => BitConverter.UInt32BitsToSingle((uint)bits << 16);

    /// <summary>The pattern of the nearest bfloat16; halfway, the one with an even last bit. NaN stays NaN.</summary>
    /// <param name="value">A float32.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ushort ToBits(float value)
    {
        uint bits = BitConverter.SingleToUInt32Bits(value);
        return float.IsNaN(value) ? (ushort)((bits >> 16) | 0x40) : (ushort)((bits + 0x7FFF + ((bits >> 16) & 1)) >> 16);
    }

    /// <summary>The nearest bfloat16 as a float32.</summary>
    /// <param name="value">A float32.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Round(float value) => ToSingle(ToBits(value));

    /// <summary>The largest bfloat16 that is not greater; a finite number stays finite.</summary>
    /// <param name="value">A finite float32.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float RoundDown(float value) => RoundAway<Lanes1>(Lanes1.All(value), Lanes1.All(-1)).MinAcross();

    /// <summary>The smallest bfloat16 that is not less; a finite number stays finite.</summary>
    /// <param name="value">A finite float32.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float RoundUp(float value) => RoundAway<Lanes1>(Lanes1.All(value), Lanes1.All(1)).MinAcross();

    /// <summary>Rounds every entry to the nearest bfloat16, in place.</summary>
    /// <param name="values">The entries.</param>
    public static void RoundAll(Span<float> values)
    {
        RoundKernel kernel = new() { X = values };
        LaneLoop.Run(ref kernel, values.Length);
    }

    /// <summary><c>sum = RN(RN(term) + RN(sum))</c>, in place.</summary>
    /// <param name="term">The other term.</param>
    /// <param name="sum">One term and then the sum, of the same length.</param>
    internal static void AddRounded(ReadOnlySpan<float> term, Span<float> sum)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(term.Length, sum.Length);
        AddRoundedKernel kernel = new() { Term = term, Sum = sum };
        LaneLoop.Run(ref kernel, sum.Length);
    }

    /// <summary>The largest bfloat16 that is not greater, of every entry, in place; a finite number stays finite.</summary>
    /// <param name="values">Finite numbers.</param>
    internal static void RoundDown(Span<float> values) => RoundAway(values, growing: -1);

    /// <summary>The smallest bfloat16 that is not less, of every entry, in place; a finite number stays finite.</summary>
    /// <param name="values">Finite numbers.</param>
    internal static void RoundUp(Span<float> values) => RoundAway(values, growing: 1);

    /// <summary>The numbers of bit patterns.</summary>
    /// <param name="bits">The patterns.</param>
    /// <param name="values">As many.</param>
    internal static void Widen(ReadOnlySpan<ushort> bits, Span<float> values)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(bits.Length, values.Length);
        WidenKernel kernel = new() { Bits = bits, Values = values };
        LaneLoop.Run(ref kernel, values.Length);
    }

    /// <summary>The bit patterns of numbers that are bfloat16 already.</summary>
    /// <param name="values">The numbers.</param>
    /// <param name="bits">As many.</param>
    internal static void Narrow(ReadOnlySpan<float> values, Span<ushort> bits)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(bits.Length, values.Length);
        NarrowKernel kernel = new() { Values = values, Bits = bits };
        LaneLoop.Run(ref kernel, values.Length);
    }

    /// <summary>The smallest magnitude of bit patterns; infinity if there are none.</summary>
    /// <param name="bits">The patterns.</param>
    internal static float SmallestMagnitude(ReadOnlySpan<ushort> bits)
    {
        SmallestKernel kernel = new() { Bits = bits, Smallest = float.PositiveInfinity };
        LaneLoop.Run(ref kernel, bits.Length);
        return kernel.Smallest;
    }

    /// <summary>Moves entries out of an array, rounded to the nearest bfloat16, and leaves zeros there.</summary>
    /// <param name="x">The array.</param>
    /// <param name="places">Which entries, below its length.</param>
    /// <param name="bits">Their patterns; as many.</param>
    [MethodImpl(LaneLoop.KernelOptions)]
    internal static void TakeOut(Span<float> x, ReadOnlySpan<ushort> places, Span<ushort> bits)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(bits.Length, places.Length);
        ref float x0 = ref MemoryMarshal.GetReference(x);
        ref ushort place0 = ref MemoryMarshal.GetReference(places);
        ref ushort bits0 = ref MemoryMarshal.GetReference(bits);
        for (nuint i = 0; i < (nuint)places.Length; i++)
        {
            ref float entry = ref Unsafe.Add(ref x0, (nuint)Unsafe.Add(ref place0, i));
            Unsafe.Add(ref bits0, i) = ToBits(entry);
            entry = 0;
        }
    }

    private static void RoundAway(Span<float> values, float growing)
    {
        RoundAwayKernel kernel = new() { X = values, Growing = growing };
        LaneLoop.Run(ref kernel, values.Length);
    }

    // Numbers of the sign of growing away from zero, those of the other toward it.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TLanes RoundAway<TLanes>(TLanes x, TLanes growing)
        where TLanes : struct, ILanes<TLanes>
    {
        TLanes upperHalf = TLanes.AllBits(UpperHalf);
        TLanes magnitude = TLanes.AndBits(TLanes.AddBits(TLanes.Abs(x), TLanes.AllBits(0xFFFF)), upperHalf);
        TLanes away = TLanes.OrBits(TLanes.Min(magnitude, TLanes.AllBits(LargestFinite)), TLanes.AndBits(x, TLanes.AllBits(SignBit)));
        return TLanes.Select(TLanes.GreaterThan(x * growing, TLanes.All(0)), away, TLanes.AndBits(x, upperHalf));
    }

    // Adding 0x7FFF and the last kept bit carries exactly where the rest is above half, or half and the kept part odd.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TLanes Nearest<TLanes>(TLanes x)
        where TLanes : struct, ILanes<TLanes>
    {
        TLanes odd = TLanes.AndBits(TLanes.ShiftBitsRight(x, 16), TLanes.AllBits(1));
        TLanes carried = TLanes.AddBits(TLanes.AddBits(x, TLanes.AllBits(0x7FFF)), odd);
        return TLanes.Select(TLanes.EqualTo(x, x), TLanes.AndBits(carried, TLanes.AllBits(UpperHalf)), x);
    }

    private ref struct RoundKernel : ILaneKernel
    {
        public Span<float> X;

        [MethodImpl(LaneLoop.KernelOptions)]
        public readonly nuint Run<TLanes>(nuint start, nuint end)
            where TLanes : struct, ILanes<TLanes>
        {
            ref float x0 = ref MemoryMarshal.GetReference(X);
            nuint i = start;
            for (; i + TLanes.Width <= end; i += TLanes.Width)
            {
                Nearest(TLanes.Load(ref x0, i)).Store(ref x0, i);
            }

            return i;
        }
    }

    private ref struct AddRoundedKernel : ILaneKernel
    {
        public ReadOnlySpan<float> Term;
        public Span<float> Sum;

        [MethodImpl(LaneLoop.KernelOptions)]
        public readonly nuint Run<TLanes>(nuint start, nuint end)
            where TLanes : struct, ILanes<TLanes>
        {
            ref float term0 = ref MemoryMarshal.GetReference(Term);
            ref float sum0 = ref MemoryMarshal.GetReference(Sum);
            nuint i = start;
            for (; i + TLanes.Width <= end; i += TLanes.Width)
            {
                Nearest(Nearest(TLanes.Load(ref term0, i)) + Nearest(TLanes.Load(ref sum0, i))).Store(ref sum0, i);
            }

            return i;
        }
    }

    private ref struct RoundAwayKernel : ILaneKernel
    {
        public Span<float> X;
        public float Growing;

        [MethodImpl(LaneLoop.KernelOptions)]
        public readonly nuint Run<TLanes>(nuint start, nuint end)
            where TLanes : struct, ILanes<TLanes>
        {
            ref float x0 = ref MemoryMarshal.GetReference(X);
            TLanes growing = TLanes.All(Growing);
            nuint i = start;
            for (; i + TLanes.Width <= end; i += TLanes.Width)
            {
                RoundAway(TLanes.Load(ref x0, i), growing).Store(ref x0, i);
            }

            return i;
        }
    }

    private ref struct WidenKernel : ILaneKernel
    {
        public ReadOnlySpan<ushort> Bits;
        public Span<float> Values;

        [MethodImpl(LaneLoop.KernelOptions)]
        public readonly nuint Run<TLanes>(nuint start, nuint end)
            where TLanes : struct, ILanes<TLanes>
        {
            ref ushort bits0 = ref MemoryMarshal.GetReference(Bits);
            ref float x0 = ref MemoryMarshal.GetReference(Values);
            nuint i = start;
            for (; i + TLanes.Width <= end; i += TLanes.Width)
            {
                TLanes.LoadBFloat16(ref bits0, i).Store(ref x0, i);
            }

            return i;
        }
    }

    private ref struct NarrowKernel : ILaneKernel
    {
        public ReadOnlySpan<float> Values;
        public Span<ushort> Bits;

        [MethodImpl(LaneLoop.KernelOptions)]
        public readonly nuint Run<TLanes>(nuint start, nuint end)
            where TLanes : struct, ILanes<TLanes>
        {
            ref float x0 = ref MemoryMarshal.GetReference(Values);
            ref ushort bits0 = ref MemoryMarshal.GetReference(Bits);
            nuint i = start;
            for (; i + TLanes.Width <= end; i += TLanes.Width)
            {
                TLanes.Load(ref x0, i).StoreUpperHalves(ref bits0, i);
            }

            return i;
        }
    }

    private ref struct SmallestKernel : ILaneKernel
    {
        public ReadOnlySpan<ushort> Bits;
        public float Smallest;

        [MethodImpl(LaneLoop.KernelOptions)]
        public nuint Run<TLanes>(nuint start, nuint end)
            where TLanes : struct, ILanes<TLanes>
        {
            ref ushort bits0 = ref MemoryMarshal.GetReference(Bits);
            TLanes smallest = TLanes.All(Smallest);
            nuint i = start;
            for (; i + TLanes.Width <= end; i += TLanes.Width)
            {
                smallest = TLanes.Min(TLanes.Abs(TLanes.LoadBFloat16(ref bits0, i)), smallest);
            }

            Smallest = smallest.MinAcross();
            return i;
        }
    }
}
