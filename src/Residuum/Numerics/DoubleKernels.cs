using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Residuum.Numerics;

/// <summary>Operations on vectors of doubles whose order of additions is fixed by the length alone.</summary>
/// <remarks>
/// Written over registers of four doubles with explicit fused multiply-adds: hardware of any width, and none, gives the same bits.
/// </remarks>
internal static class DoubleKernels
{
    private const int Lanes = 4;
    private const int Stride = 4 * Lanes;

    /// <summary>
    /// The inner product; 0 of none. Element i goes to the virtual accumulator i mod 16, the incomplete last sixteen to one more.
    /// </summary>
    public static double Dot(ReadOnlySpan<double> x, ReadOnlySpan<double> y)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(y.Length, x.Length, nameof(y));
        return DotKernel(x, y);
    }

    /// <summary><c>y = y + factor * x</c>, rounded once.</summary>
    public static void AddScaled(double factor, ReadOnlySpan<double> x, Span<double> y)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(y.Length, x.Length, nameof(y));
        AddScaledKernel(factor, x, y);
    }

    /// <summary>
    /// The inner product of float32 vectors, in double; 0 of none. The order of additions is that of the product of doubles.
    /// </summary>
    public static double Dot(ReadOnlySpan<float> x, ReadOnlySpan<float> y)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(y.Length, x.Length, nameof(y));
        return DotKernel(x, y);
    }

    /// <summary><c>y = y + factor * x</c> with x in float32.</summary>
    public static void AddScaled(double factor, ReadOnlySpan<float> x, Span<double> y)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(y.Length, x.Length, nameof(y));
        AddScaledKernel(factor, x, y);
    }

    /// <summary>The largest absolute value; 0 of none, not-a-number if there is one.</summary>
    public static double LargestMagnitude(ReadOnlySpan<double> x)
    {
        double largest = 0;
        foreach (double value in x)
        {
            largest = Math.Max(largest, Math.Abs(value));
        }

        return largest;
    }

    /// <summary><c>x = factor * x</c>.</summary>
    public static void Scale(double factor, Span<double> x) => ScaleKernel(factor, x);

    [MethodImpl(LaneLoop.KernelOptions)]
    private static double DotKernel(ReadOnlySpan<double> x, ReadOnlySpan<double> y)
    {
        ref double x0 = ref MemoryMarshal.GetReference(x);
        ref double y0 = ref MemoryMarshal.GetReference(y);
        nuint length = (nuint)x.Length;
        Vector256<double> a = Vector256<double>.Zero;
        Vector256<double> b = a, c = a, d = a;
        nuint i = 0;
        for (; i + Stride <= length; i += Stride)
        {
            a = Vector256.FusedMultiplyAdd(Vector256.LoadUnsafe(ref x0, i), Vector256.LoadUnsafe(ref y0, i), a);
            b = Vector256.FusedMultiplyAdd(Vector256.LoadUnsafe(ref x0, i + Lanes), Vector256.LoadUnsafe(ref y0, i + Lanes), b);
            c = Vector256.FusedMultiplyAdd(Vector256.LoadUnsafe(ref x0, i + 2 * Lanes), Vector256.LoadUnsafe(ref y0, i + 2 * Lanes), c);
            d = Vector256.FusedMultiplyAdd(Vector256.LoadUnsafe(ref x0, i + 3 * Lanes), Vector256.LoadUnsafe(ref y0, i + 3 * Lanes), d);
        }

        double tail = 0;
        for (; i < length; i++)
        {
            tail = Math.FusedMultiplyAdd(Unsafe.Add(ref x0, i), Unsafe.Add(ref y0, i), tail);
        }

        return SumAcross(a + b + (c + d)) + tail;
    }

    [MethodImpl(LaneLoop.KernelOptions)]
    private static void AddScaledKernel(double factor, ReadOnlySpan<double> x, Span<double> y)
    {
        ref double x0 = ref MemoryMarshal.GetReference(x);
        ref double y0 = ref MemoryMarshal.GetReference(y);
        nuint length = (nuint)x.Length;
        Vector256<double> factors = Vector256.Create(factor);
        nuint i = 0;
        for (; i + Lanes <= length; i += Lanes)
        {
            Vector256.FusedMultiplyAdd(factors, Vector256.LoadUnsafe(ref x0, i), Vector256.LoadUnsafe(ref y0, i)).StoreUnsafe(ref y0, i);
        }

        for (; i < length; i++)
        {
            Unsafe.Add(ref y0, i) = Math.FusedMultiplyAdd(factor, Unsafe.Add(ref x0, i), Unsafe.Add(ref y0, i));
        }
    }

    [MethodImpl(LaneLoop.KernelOptions)]
    private static void ScaleKernel(double factor, Span<double> x)
    {
        ref double x0 = ref MemoryMarshal.GetReference(x);
        nuint length = (nuint)x.Length;
        Vector256<double> factors = Vector256.Create(factor);
        nuint i = 0;
        for (; i + Lanes <= length; i += Lanes)
        {
            (factors * Vector256.LoadUnsafe(ref x0, i)).StoreUnsafe(ref x0, i);
        }

        for (; i < length; i++)
        {
            Unsafe.Add(ref x0, i) *= factor;
        }
    }

    [MethodImpl(LaneLoop.KernelOptions)]
    private static double DotKernel(ReadOnlySpan<float> x, ReadOnlySpan<float> y)
    {
        ref float x0 = ref MemoryMarshal.GetReference(x);
        ref float y0 = ref MemoryMarshal.GetReference(y);
        nuint length = (nuint)x.Length;
        Vector256<double> a = Vector256<double>.Zero;
        Vector256<double> b = a, c = a, d = a;
        nuint i = 0;
        for (; i + Stride <= length; i += Stride)
        {
            Vector256<float> x1 = Vector256.LoadUnsafe(ref x0, i);
            Vector256<float> y1 = Vector256.LoadUnsafe(ref y0, i);
            Vector256<float> x2 = Vector256.LoadUnsafe(ref x0, i + 2 * Lanes);
            Vector256<float> y2 = Vector256.LoadUnsafe(ref y0, i + 2 * Lanes);
            a = Vector256.FusedMultiplyAdd(Vector256.WidenLower(x1), Vector256.WidenLower(y1), a);
            b = Vector256.FusedMultiplyAdd(Vector256.WidenUpper(x1), Vector256.WidenUpper(y1), b);
            c = Vector256.FusedMultiplyAdd(Vector256.WidenLower(x2), Vector256.WidenLower(y2), c);
            d = Vector256.FusedMultiplyAdd(Vector256.WidenUpper(x2), Vector256.WidenUpper(y2), d);
        }

        double tail = 0;
        for (; i < length; i++)
        {
            tail = Math.FusedMultiplyAdd(Unsafe.Add(ref x0, i), Unsafe.Add(ref y0, i), tail);
        }

        return SumAcross(a + b + (c + d)) + tail;
    }

    [MethodImpl(LaneLoop.KernelOptions)]
    private static void AddScaledKernel(double factor, ReadOnlySpan<float> x, Span<double> y)
    {
        ref float x0 = ref MemoryMarshal.GetReference(x);
        ref double y0 = ref MemoryMarshal.GetReference(y);
        nuint length = (nuint)x.Length;
        Vector256<double> factors = Vector256.Create(factor);
        nuint i = 0;
        for (; i + 2 * Lanes <= length; i += 2 * Lanes)
        {
            Vector256<float> eight = Vector256.LoadUnsafe(ref x0, i);
            Vector256.FusedMultiplyAdd(factors, Vector256.WidenLower(eight), Vector256.LoadUnsafe(ref y0, i)).StoreUnsafe(ref y0, i);
            Vector256.FusedMultiplyAdd(factors, Vector256.WidenUpper(eight), Vector256.LoadUnsafe(ref y0, i + Lanes))
                .StoreUnsafe(ref y0, i + Lanes);
        }

        for (; i < length; i++)
        {
            Unsafe.Add(ref y0, i) = Math.FusedMultiplyAdd(factor, Unsafe.Add(ref x0, i), Unsafe.Add(ref y0, i));
        }
    }

    /// <summary>The four lanes, added in a fixed order.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static double SumAcross(Vector256<double> x) => x.GetElement(0) + x.GetElement(2) + (x.GetElement(1) + x.GetElement(3));
}
