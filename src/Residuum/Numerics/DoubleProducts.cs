using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Residuum.Numerics;

/// <summary>Scalar products and combinations of float32 vectors whose sums are kept in double.</summary>
/// <remarks>
/// A product of two float32 numbers is exact in double, so Gram matrices made here are positive semidefinite to 1e-16 of their largest
/// entry. Element i of a sum goes to the virtual accumulator i mod 16; the sixteen are combined in a fixed tree: the same bits on every
/// machine. A dot product of float32 vectors moves 8 bytes and does 2 flops an element.
/// </remarks>
internal static class DoubleProducts
{
    /// <summary>The number of virtual accumulators of a sum.</summary>
    public const int Accumulators = 16;

    private const int Width = 4;

    /// <summary>The inner product of two float32 vectors.</summary>
    public static double Dot(ReadOnlySpan<float> x, ReadOnlySpan<float> y)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(y.Length, x.Length);
        Span<double> sums = stackalloc double[Accumulators];
        int whole = x.Length / Accumulators * Accumulators;
        DotKernel(ref MemoryMarshal.GetReference(x), ref MemoryMarshal.GetReference(y), (nuint)whole, ref sums[0]);
        for (int i = whole; i < x.Length; i++)
        {
            sums[i - whole] += (double)x[i] * y[i];
        }

        return Total(sums);
    }

    /// <summary>The inner product of a float32 vector with one that is in double already.</summary>
    public static double Dot(ReadOnlySpan<float> x, ReadOnlySpan<double> y)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(y.Length, x.Length);
        Span<double> sums = stackalloc double[Accumulators];
        int whole = x.Length / Accumulators * Accumulators;
        DotKernel(ref MemoryMarshal.GetReference(x), ref MemoryMarshal.GetReference(y), (nuint)whole, ref sums[0]);
        for (int i = whole; i < x.Length; i++)
        {
            sums[i - whole] = Math.FusedMultiplyAdd(x[i], y[i], sums[i - whole]);
        }

        return Total(sums);
    }

    /// <summary>Converts to double.</summary>
    public static void Widen(ReadOnlySpan<float> x, Span<double> result) => Widen(1, x, result);

    /// <summary><c>result = factor * x</c>.</summary>
    public static void Widen(double factor, ReadOnlySpan<float> x, Span<double> result)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(result.Length, x.Length);
        int whole = x.Length / Width * Width;
        WidenKernel(factor, ref MemoryMarshal.GetReference(x), (nuint)whole, ref MemoryMarshal.GetReference(result));
        for (int i = whole; i < x.Length; i++)
        {
            result[i] = factor * x[i];
        }
    }

    /// <summary>
    /// <c>sum = sum + weights[0] rows[0] + weights[1] rows[1] + ...</c> in this order, for rows that lie one after another.
    /// </summary>
    /// <param name="sum">The sum.</param>
    /// <param name="weights">A weight per row.</param>
    /// <param name="rows">As many rows as weights, each as long as the sum.</param>
    public static void AddRows(Span<double> sum, ReadOnlySpan<double> weights, ReadOnlySpan<float> rows)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual((long)rows.Length, (long)weights.Length * sum.Length);
        int whole = sum.Length / Width * Width;
        for (int row = 0; row < weights.Length; row++)
        {
            ReadOnlySpan<float> one = rows.Slice(row * sum.Length, sum.Length);
            AddRowKernel(ref MemoryMarshal.GetReference(sum), weights[row], ref MemoryMarshal.GetReference(one), (nuint)whole);
            for (int i = whole; i < one.Length; i++)
            {
                sum[i] = Math.FusedMultiplyAdd(weights[row], one[i], sum[i]);
            }
        }
    }

    /// <summary>Rounds to float32.</summary>
    public static void Round(ReadOnlySpan<double> x, Span<float> result)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(result.Length, x.Length);
        int i = 0;
        for (; i + (2 * Width) <= x.Length; i += 2 * Width)
        {
            Vector256.Narrow(Vector256.Create(x[i..]), Vector256.Create(x[(i + Width)..])).CopyTo(result[i..]);
        }

        for (; i < x.Length; i++)
        {
            result[i] = (float)x[i];
        }
    }

    /// <summary>The sum of the virtual accumulators, which are used up.</summary>
    [MethodImpl(LaneLoop.KernelOptions)]
    public static double Total(Span<double> sums)
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

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<double> Widen(ref float x, nuint i) =>
        Vector256.WidenLower(Vector128.LoadUnsafe(ref x, i).ToVector256Unsafe());

    [MethodImpl(LaneLoop.KernelOptions)]
    private static void DotKernel(ref float x, ref float y, nuint whole, ref double sums)
    {
        Vector256<double> sum0 = Vector256<double>.Zero;
        Vector256<double> sum1 = Vector256<double>.Zero;
        Vector256<double> sum2 = Vector256<double>.Zero;
        Vector256<double> sum3 = Vector256<double>.Zero;
        for (nuint i = 0; i < whole; i += Accumulators)
        {
            sum0 = Vector256.FusedMultiplyAdd(Widen(ref x, i), Widen(ref y, i), sum0);
            sum1 = Vector256.FusedMultiplyAdd(Widen(ref x, i + 4), Widen(ref y, i + 4), sum1);
            sum2 = Vector256.FusedMultiplyAdd(Widen(ref x, i + 8), Widen(ref y, i + 8), sum2);
            sum3 = Vector256.FusedMultiplyAdd(Widen(ref x, i + 12), Widen(ref y, i + 12), sum3);
        }

        sum0.StoreUnsafe(ref sums);
        sum1.StoreUnsafe(ref sums, 4);
        sum2.StoreUnsafe(ref sums, 8);
        sum3.StoreUnsafe(ref sums, 12);
    }

    [MethodImpl(LaneLoop.KernelOptions)]
    private static void DotKernel(ref float x, ref double y, nuint whole, ref double sums)
    {
        Vector256<double> sum0 = Vector256<double>.Zero;
        Vector256<double> sum1 = Vector256<double>.Zero;
        Vector256<double> sum2 = Vector256<double>.Zero;
        Vector256<double> sum3 = Vector256<double>.Zero;
        for (nuint i = 0; i < whole; i += Accumulators)
        {
            sum0 = Vector256.FusedMultiplyAdd(Widen(ref x, i), Vector256.LoadUnsafe(ref y, i), sum0);
            sum1 = Vector256.FusedMultiplyAdd(Widen(ref x, i + 4), Vector256.LoadUnsafe(ref y, i + 4), sum1);
            sum2 = Vector256.FusedMultiplyAdd(Widen(ref x, i + 8), Vector256.LoadUnsafe(ref y, i + 8), sum2);
            sum3 = Vector256.FusedMultiplyAdd(Widen(ref x, i + 12), Vector256.LoadUnsafe(ref y, i + 12), sum3);
        }

        sum0.StoreUnsafe(ref sums);
        sum1.StoreUnsafe(ref sums, 4);
        sum2.StoreUnsafe(ref sums, 8);
        sum3.StoreUnsafe(ref sums, 12);
    }

    [MethodImpl(LaneLoop.KernelOptions)]
    private static void WidenKernel(double factor, ref float x, nuint whole, ref double result)
    {
        Vector256<double> factors = Vector256.Create(factor);
        for (nuint i = 0; i < whole; i += Width)
        {
            (factors * Widen(ref x, i)).StoreUnsafe(ref result, i);
        }
    }

    // The sum should lie in the nearest cache. A row at a time reads memory straight through, which is faster than four rows at a time with
    // a quarter of the loads and stores of the sum.
    [MethodImpl(LaneLoop.KernelOptions)]
    private static void AddRowKernel(ref double sum, double weight, ref float row, nuint whole)
    {
        Vector256<double> w = Vector256.Create(weight);
        for (nuint i = 0; i < whole; i += Width)
        {
            Vector256.FusedMultiplyAdd(w, Widen(ref row, i), Vector256.LoadUnsafe(ref sum, i)).StoreUnsafe(ref sum, i);
        }
    }
}
