using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Residuum.Numerics;

/// <summary>Sums and maxima whose order of operations is fixed by the length alone.</summary>
/// <remarks>
/// A span is cut into blocks of 4,096. Within a block element i goes to the virtual accumulator i mod 16; the sixteen are combined in a
/// fixed tree in float32, and the blocks are added in order in double. So every vector width gives the same bits, and long sums stay
/// accurate.
/// </remarks>
public static class Reductions
{
    /// <summary>The sums that are kept side by side.</summary>
    internal const int Accumulators = 16;

    /// <summary>The elements that are summed in float32.</summary>
    internal const int BlockLength = 4096;

    /// <summary>The sum of the elements; 0 of none.</summary>
    /// <param name="x">The elements.</param>
    public static double Sum(ReadOnlySpan<float> x) => Sum(x, SimdWidth.Lanes);

    /// <summary>The sum of the absolute values; 0 of none.</summary>
    /// <param name="x">The elements.</param>
    public static double SumOfMagnitudes(ReadOnlySpan<float> x) => SumOfMagnitudes(x, SimdWidth.Lanes);

    /// <summary>The sum of the squares; 0 of none.</summary>
    /// <param name="x">The elements.</param>
    public static double SumOfSquares(ReadOnlySpan<float> x) => SumOfSquares(x, SimdWidth.Lanes);

    /// <summary>The inner product; 0 of none.</summary>
    /// <param name="x">The first operand.</param>
    /// <param name="y">The second operand, as many elements.</param>
    /// <exception cref="ArgumentException">The lengths differ.</exception>
    public static double Dot(ReadOnlySpan<float> x, ReadOnlySpan<float> y) => Dot(x, y, SimdWidth.Lanes);

    /// <summary>The largest element; not-a-number if there is one; minus infinity of none.</summary>
    /// <param name="x">The elements.</param>
    public static float Max(ReadOnlySpan<float> x) => Max(x, SimdWidth.Lanes);

    /// <summary>The largest absolute value; not-a-number if there is one; 0 of none.</summary>
    /// <param name="x">The elements.</param>
    public static float LargestMagnitude(ReadOnlySpan<float> x) => LargestMagnitude(x, SimdWidth.Lanes);

    /// <summary>The same at a given width.</summary>
    internal static double Sum(ReadOnlySpan<float> x, int lanes) => Blocks<SumTerm>(x, x, lanes);

    /// <summary>The same at a given width.</summary>
    internal static double SumOfMagnitudes(ReadOnlySpan<float> x, int lanes) => Blocks<MagnitudeSumTerm>(x, x, lanes);

    /// <summary>The same at a given width.</summary>
    internal static double SumOfSquares(ReadOnlySpan<float> x, int lanes) => Blocks<ProductTerm>(x, x, lanes);

    /// <summary>The same at a given width.</summary>
    internal static double Dot(ReadOnlySpan<float> x, ReadOnlySpan<float> y, int lanes) => x.Length == y.Length
        ? Blocks<ProductTerm>(x, y, lanes)
        : throw new ArgumentException(
            $"The second operand has {y.Length} elements; it must have as many as the first, {x.Length}.", nameof(y));

    /// <summary>The same at a given width.</summary>
    internal static float Max(ReadOnlySpan<float> x, int lanes) => Largest<MaxTerm>(x, float.NegativeInfinity, lanes);

    /// <summary>The same at a given width.</summary>
    internal static float LargestMagnitude(ReadOnlySpan<float> x, int lanes) => Largest<MagnitudeTerm>(x, 0, lanes);

    /// <summary>The sum of the accumulators, in a fixed tree; they are overwritten.</summary>
    internal static float Combine(Span<float> sums)
    {
        for (int half = Accumulators / 2; half > 0; half /= 2)
        {
            for (int i = 0; i < half; i++)
            {
                sums[i] += sums[i + half];
            }
        }

        return sums[0];
    }

    private static float Largest<TTerm>(ReadOnlySpan<float> x, float max, int lanes)
        where TTerm : ITerm
    {
        Span<float> sums = stackalloc float[Accumulators];
        sums.Fill(max);
        Accumulate<TTerm>(x, x, sums, lanes);
        foreach (float value in sums)
        {
            max = MaxTerm.Add(max, value);
        }

        return max;
    }

    private static double Blocks<TTerm>(ReadOnlySpan<float> x, ReadOnlySpan<float> y, int lanes)
        where TTerm : ITerm
    {
        Span<float> sums = stackalloc float[Accumulators];
        double total = 0;
        for (int start = 0; start < x.Length; start += BlockLength)
        {
            int length = Math.Min(BlockLength, x.Length - start);
            sums.Clear();
            Accumulate<TTerm>(x.Slice(start, length), y.Slice(start, length), sums, lanes);
            total += Combine(sums);
        }

        return total;
    }

    private static void Accumulate<TTerm>(ReadOnlySpan<float> x, ReadOnlySpan<float> y, Span<float> sums, int lanes)
        where TTerm : ITerm
    {
        ref float left = ref MemoryMarshal.GetReference(x);
        ref float right = ref MemoryMarshal.GetReference(y);
        ref float target = ref MemoryMarshal.GetReference(sums);
        nuint whole = (nuint)x.Length / Accumulators * Accumulators;
        switch (lanes)
        {
            case 16:
                Accumulate<TTerm, Lanes16>(ref left, ref right, whole, ref target);
                break;
            case 8:
                Accumulate<TTerm, Lanes8>(ref left, ref right, whole, ref target);
                break;
            default:
                Accumulate<TTerm, Lanes1>(ref left, ref right, whole, ref target);
                break;
        }

        // The last, incomplete row of sixteen.
        for (nuint i = whole; i < (nuint)x.Length; i++)
        {
            TTerm.Add(Lanes1.Load(ref target, i - whole), Lanes1.Load(ref left, i), Lanes1.Load(ref right, i)).Store(ref target, i - whole);
        }
    }

    [MethodImpl(LaneLoop.KernelOptions)]
    private static void Accumulate<TTerm, TLanes>(ref float x, ref float y, nuint whole, ref float sums)
        where TTerm : ITerm
        where TLanes : struct, ILanes<TLanes>
    {
        // A register narrower than sixteen lanes passes over the block (at most 16 KB) once per group of accumulators.
        for (nuint first = 0; first < Accumulators; first += TLanes.Width)
        {
            TLanes sum = TLanes.Load(ref sums, first);
            for (nuint i = first; i < whole; i += Accumulators)
            {
                sum = TTerm.Add(sum, TLanes.Load(ref x, i), TLanes.Load(ref y, i));
            }

            sum.Store(ref sums, first);
        }
    }

    private interface ITerm
    {
        static abstract TLanes Add<TLanes>(TLanes sum, TLanes x, TLanes y)
            where TLanes : struct, ILanes<TLanes>;
    }

    private readonly struct SumTerm : ITerm
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TLanes Add<TLanes>(TLanes sum, TLanes x, TLanes y)
            where TLanes : struct, ILanes<TLanes> => sum + x;
    }

    private readonly struct MagnitudeSumTerm : ITerm
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TLanes Add<TLanes>(TLanes sum, TLanes x, TLanes y)
            where TLanes : struct, ILanes<TLanes> => sum + TLanes.Abs(x);
    }

    private readonly struct ProductTerm : ITerm
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TLanes Add<TLanes>(TLanes sum, TLanes x, TLanes y)
            where TLanes : struct, ILanes<TLanes> => TLanes.Fma(x, y, sum);
    }

    private readonly struct MaxTerm : ITerm
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TLanes Add<TLanes>(TLanes sum, TLanes x, TLanes y)
            where TLanes : struct, ILanes<TLanes>
        {
            // Max takes its second operand where one is not a number; a sum that already is not a number stays.
            TLanes larger = TLanes.Max(sum, x);
            return TLanes.Select(TLanes.EqualTo(sum, sum), larger, sum);
        }

        public static float Add(float max, float value) => float.IsNaN(max) || max > value ? max : value;
    }

    private readonly struct MagnitudeTerm : ITerm
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TLanes Add<TLanes>(TLanes sum, TLanes x, TLanes y)
            where TLanes : struct, ILanes<TLanes> => MaxTerm.Add(sum, TLanes.Abs(x), y);
    }
}
