using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Residuum.Numerics;

/// <summary>The sum of the squares of rows times their factors, which are never stored; beside <see cref="RowKernels"/>.</summary>
internal static class ScaledRowSquares
{
    /// <summary>Whether rows of so many entries, so many entries in all, are summed here.</summary>
    /// <param name="length">The entries.</param>
    /// <param name="columns">Entries of a row.</param>
    public static bool Takes(int length, int columns) => columns % Reductions.Accumulators == 0 && length <= Reductions.BlockLength;

    /// <summary>
    /// The bits of <see cref="Reductions.SumOfSquares(ReadOnlySpan{float})"/> of what <see cref="RowKernels.Scale"/> gives, where
    /// <see cref="Takes"/> holds: one block, in which every row begins with the first accumulator.
    /// </summary>
    /// <param name="x">Whole rows. Moves 4 bytes an element, 4 flops.</param>
    /// <param name="columns">Entries of a row.</param>
    /// <param name="rowFactors">One for each row.</param>
    /// <param name="columnFactors">One for each column.</param>
    /// <param name="ahead">What will be wanted next, as many: requested from memory meanwhile; or none.</param>
    public static double Sum(
        ReadOnlySpan<float> x,
        int columns,
        ReadOnlySpan<float> rowFactors,
        ReadOnlySpan<float> columnFactors,
        ReadOnlySpan<float> ahead) => SimdWidth.Lanes switch
        {
            16 => Sum<Lanes16>(x, columns, rowFactors, columnFactors, ahead.IsEmpty ? x : ahead),
            8 => Sum<Lanes8>(x, columns, rowFactors, columnFactors, ahead.IsEmpty ? x : ahead),
            _ => Sum<Lanes1>(x, columns, rowFactors, columnFactors, ahead.IsEmpty ? x : ahead),
        };

    [MethodImpl(LaneLoop.KernelOptions)]
    private static double Sum<TLanes>(
        ReadOnlySpan<float> x,
        int columns,
        ReadOnlySpan<float> rowFactors,
        ReadOnlySpan<float> columnFactors,
        ReadOnlySpan<float> ahead)
        where TLanes : struct, ILanes<TLanes>
    {
        ref float x0 = ref MemoryMarshal.GetReference(x);
        ref float columns0 = ref MemoryMarshal.GetReference(columnFactors[..columns]);
        ref float ahead0 = ref MemoryMarshal.GetReference(ahead);
        Span<float> sums = stackalloc float[Reductions.Accumulators];
        for (nuint lane = 0; lane < Reductions.Accumulators; lane += TLanes.Width)
        {
            TLanes sum = TLanes.All(0);
            int index = 0;
            for (nuint row = 0; row < (nuint)x.Length; row += (nuint)columns, index++)
            {
                TLanes factor = TLanes.All(rowFactors[index]);
                for (nuint j = lane; j < (nuint)columns; j += Reductions.Accumulators)
                {
                    TLanes y = factor * TLanes.Load(ref x0, row + j) * TLanes.Load(ref columns0, j);
                    sum = TLanes.Fma(y, y, sum);
                    CacheLine.Request(in ahead0, row + j);
                }
            }

            sum.Store(ref MemoryMarshal.GetReference(sums), lane);
        }

        return Reductions.Combine(sums);
    }
}
