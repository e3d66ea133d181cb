using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Residuum.Numerics;

namespace Residuum.Training.Differentiation;

/// <summary>Mean and variance of each column of a matrix.</summary>
/// <remarks>
/// Each slab of rows gives its own mean and its sum of squared deviations from it; slabs are merged in order by Chan, Golub and LeVeque's
/// rule, so nothing cancels where the mean is large against the deviation, and the result does not depend on the number of threads.
/// </remarks>
internal static class BatchStatistics
{
    /// <summary>Computes mean and population variance.</summary>
    /// <param name="tape">The tape.</param>
    /// <param name="x">The matrix.</param>
    /// <param name="mean">The means, one per column.</param>
    /// <param name="variance">The variances, one per column.</param>
    public static void Compute(Tape tape, Tensor x, Span<float> mean, Span<float> variance)
    {
        int columns = x.Columns;
        int slabs = ColumnSums.Slabs(x.Rows);
        using Scratch means = tape.RentScratch(slabs * columns);
        using Scratch squares = tape.RentScratch(slabs * columns);
        tape.ForRows(new SlabStatistics(x, means.Memory, squares.Memory), slabs, rowsPerChunk: 1);
        for (int column = 0; column < columns; column++)
        {
            double mergedMean = 0;
            double mergedSquares = 0;
            double count = 0;
            for (int slab = 0; slab < slabs; slab++)
            {
                double rows = Math.Min(ColumnSums.RowsPerSlab, x.Rows - (slab * ColumnSums.RowsPerSlab));
                double distance = means.Span[(slab * columns) + column] - mergedMean;
                double total = count + rows;
                mergedMean += distance * rows / total;
                mergedSquares += squares.Span[(slab * columns) + column] + (distance * distance * count * rows / total);
                count = total;
            }

            mean[column] = (float)mergedMean;
            variance[column] = (float)(mergedSquares / count);
        }
    }

    private readonly struct SlabStatistics(Tensor x, Memory<float> means, Memory<float> squares) : IRowKernel
    {
        public void Run(int first, int end, int worker)
        {
            int columns = x.Columns;
            for (int slab = first; slab < end; slab++)
            {
                int firstRow = slab * ColumnSums.RowsPerSlab;
                int rows = Math.Min(ColumnSums.RowsPerSlab, x.Rows - firstRow);
                Kernel kernel = new(
                    x.Values.Slice(firstRow * columns, rows * columns),
                    rows,
                    means.Span.Slice(slab * columns, columns),
                    squares.Span.Slice(slab * columns, columns));
                LaneLoop.Run(ref kernel, columns);
            }
        }
    }

    private readonly ref struct Kernel(ReadOnlySpan<float> x, int rows, Span<float> mean, Span<float> squares) : ILaneKernel
    {
        private readonly ReadOnlySpan<float> _x = x;
        private readonly Span<float> _mean = mean;
        private readonly Span<float> _squares = squares;

        [MethodImpl(LaneLoop.KernelOptions)]
        public nuint Run<TLanes>(nuint start, nuint end)
            where TLanes : struct, ILanes<TLanes>
        {
            ref float x = ref MemoryMarshal.GetReference(_x);
            nuint columns = (nuint)_mean.Length;
            nuint length = (nuint)rows * columns;
            nuint i = start;
            for (; i + TLanes.Width <= end; i += TLanes.Width)
            {
                TLanes sum = TLanes.All(0);
                for (nuint row = 0; row < length; row += columns)
                {
                    sum += TLanes.Load(in x, row + i);
                }

                TLanes slabMean = sum / TLanes.All(rows);
                TLanes slabSquares = TLanes.All(0);
                for (nuint row = 0; row < length; row += columns)
                {
                    TLanes distance = TLanes.Load(in x, row + i) - slabMean;
                    slabSquares = TLanes.Fma(distance, distance, slabSquares);
                }

                slabMean.Store(ref MemoryMarshal.GetReference(_mean), i);
                slabSquares.Store(ref MemoryMarshal.GetReference(_squares), i);
            }

            return i;
        }
    }
}
