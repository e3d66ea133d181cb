using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Residuum.Numerics;

/// <summary>Scalar products of sparse rows with a dense vector, and sums of sparse rows, in double.</summary>
/// <remarks>
/// An entry is an index and a stored value. The dense vector should lie in the first or second level of the cache: its places are visited
/// in the order of the rows' indices. As in <see cref="DoubleProducts"/>, entry i of a row goes to the virtual accumulator i mod 16.
/// </remarks>
internal static class SparseProducts
{
    private const int Accumulators = DoubleProducts.Accumulators;

    /// <summary>The sum of value times <c>dense[index]</c> over the entries.</summary>
    /// <exception cref="IndexOutOfRangeException">An index is not less than the length of <paramref name="dense"/>.</exception>
    [MethodImpl(LaneLoop.KernelOptions)]
    public static double Dot<TIndex, TStored, TValue>(ReadOnlySpan<TIndex> indices, ReadOnlySpan<TStored> values, ReadOnlySpan<float> dense)
        where TIndex : unmanaged, IBinaryInteger<TIndex>
        where TStored : unmanaged
        where TValue : IStoredValue<TStored>
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(values.Length, indices.Length);
        Span<double> sums = stackalloc double[Accumulators];
        Span<float> left = stackalloc float[Accumulators];
        Span<float> right = stackalloc float[Accumulators];
        Vector256<double> sum0 = Vector256<double>.Zero;
        Vector256<double> sum1 = Vector256<double>.Zero;
        Vector256<double> sum2 = Vector256<double>.Zero;
        Vector256<double> sum3 = Vector256<double>.Zero;
        int whole = indices.Length / Accumulators * Accumulators;
        for (int first = 0; first < whole; first += Accumulators)
        {
            // Gathered into a buffer by scalar loads: faster here than the processor's gather instruction.
            for (int i = 0; i < Accumulators; i++)
            {
                left[i] = TValue.Read(values[first + i]);
                right[i] = dense[int.CreateTruncating(indices[first + i])];
            }

            sum0 = MultiplyAdd(left, right, 0, sum0);
            sum1 = MultiplyAdd(left, right, 4, sum1);
            sum2 = MultiplyAdd(left, right, 8, sum2);
            sum3 = MultiplyAdd(left, right, 12, sum3);
        }

        sum0.CopyTo(sums);
        sum1.CopyTo(sums[4..]);
        sum2.CopyTo(sums[8..]);
        sum3.CopyTo(sums[12..]);
        for (int i = whole; i < indices.Length; i++)
        {
            sums[i - whole] += (double)TValue.Read(values[i]) * dense[int.CreateTruncating(indices[i])];
        }

        return DoubleProducts.Total(sums);
    }

    /// <summary><c>dense[index - origin] = dense[index - origin] + weight * value</c> for every entry, in their order.</summary>
    /// <exception cref="IndexOutOfRangeException">An index minus the origin is outside <paramref name="dense"/>.</exception>
    [MethodImpl(LaneLoop.KernelOptions)]
    public static void Add<TIndex, TStored, TValue>(
        double weight, ReadOnlySpan<TIndex> indices, ReadOnlySpan<TStored> values, Span<double> dense, int origin)
        where TIndex : unmanaged, IBinaryInteger<TIndex>
        where TStored : unmanaged
        where TValue : IStoredValue<TStored>
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(values.Length, indices.Length);
        for (int i = 0; i < indices.Length; i++)
        {
            ref double place = ref dense[int.CreateTruncating(indices[i]) - origin];
            place = Math.FusedMultiplyAdd(weight, TValue.Read(values[i]), place);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<double> MultiplyAdd(ReadOnlySpan<float> left, ReadOnlySpan<float> right, nuint first, Vector256<double> sum)
    {
        Vector256<double> x = Vector256.WidenLower(Vector128.LoadUnsafe(ref MemoryMarshal.GetReference(left), first).ToVector256Unsafe());
        Vector256<double> y = Vector256.WidenLower(Vector128.LoadUnsafe(ref MemoryMarshal.GetReference(right), first).ToVector256Unsafe());
        return Vector256.FusedMultiplyAdd(x, y, sum);
    }
}
