using System.Numerics;
using System.Runtime.CompilerServices;
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
        Vector256<double> sum0 = Vector256<double>.Zero;
        Vector256<double> sum1 = Vector256<double>.Zero;
        Vector256<double> sum2 = Vector256<double>.Zero;
        Vector256<double> sum3 = Vector256<double>.Zero;
        int whole = indices.Length / Accumulators * Accumulators;
        for (int first = 0; first < whole; first += Accumulators)
        {
            // Four places by scalar loads into one register: faster here than the processor's gather instruction, or than a buffer.
            ReadOnlySpan<TIndex> places = indices.Slice(first, Accumulators);
            ReadOnlySpan<TStored> stored = values.Slice(first, Accumulators);
            sum0 = MultiplyAdd<TIndex, TStored, TValue>(places, stored, dense, sum0);
            sum1 = MultiplyAdd<TIndex, TStored, TValue>(places[4..], stored[4..], dense, sum1);
            sum2 = MultiplyAdd<TIndex, TStored, TValue>(places[8..], stored[8..], dense, sum2);
            sum3 = MultiplyAdd<TIndex, TStored, TValue>(places[12..], stored[12..], dense, sum3);
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
    private static Vector256<double> MultiplyAdd<TIndex, TStored, TValue>(
        ReadOnlySpan<TIndex> indices, ReadOnlySpan<TStored> values, ReadOnlySpan<float> dense, Vector256<double> sum)
        where TIndex : unmanaged, IBinaryInteger<TIndex>
        where TStored : unmanaged
        where TValue : IStoredValue<TStored>
    {
        Vector128<float> gathered = Vector128.Create(
            dense[int.CreateTruncating(indices[0])],
            dense[int.CreateTruncating(indices[1])],
            dense[int.CreateTruncating(indices[2])],
            dense[int.CreateTruncating(indices[3])]);
        Vector256<double> x = Vector256.WidenLower(TValue.ReadFour(values).ToVector256Unsafe());
        return Vector256.FusedMultiplyAdd(x, Vector256.WidenLower(gathered.ToVector256Unsafe()), sum);
    }
}
