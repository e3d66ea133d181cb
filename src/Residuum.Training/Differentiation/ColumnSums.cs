using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Residuum.Numerics;

namespace Residuum.Training.Differentiation;

/// <summary>Sums over the rows of a matrix, one per column: the gradient of a bias that was added to each row.</summary>
/// <remarks>
/// Rows are cut into slabs of fixed length; each slab is summed in order of its rows, then the slabs' sums in order of the slabs.
/// So the result depends on the shape alone, not on the number of threads.
/// </remarks>
internal static class ColumnSums
{
    private const int RowsPerSlab = 256;

    /// <summary>Adds the column sums of <paramref name="matrix"/> to <paramref name="sums"/>.</summary>
    public static void Add(Tape tape, Tensor matrix, Span<float> sums)
    {
        int columns = matrix.Columns;
        int slabs = (matrix.Rows + RowsPerSlab - 1) / RowsPerSlab;
        using Scratch partial = tape.RentScratch(slabs * columns);
        tape.ForRows(new SlabSums(matrix, partial.Memory), slabs, rowsPerChunk: 1);
        Sum total = new(partial.Span, sums);
        for (int slab = 0; slab < slabs; slab++)
        {
            total.Slab = slab;
            LaneLoop.Run(ref total, columns);
        }
    }

    private readonly struct SlabSums(Tensor matrix, Memory<float> partial) : IRowKernel
    {
        public void Run(int first, int end, int worker)
        {
            int columns = matrix.Columns;
            for (int slab = first; slab < end; slab++)
            {
                int firstRow = slab * RowsPerSlab;
                int rows = Math.Min(RowsPerSlab, matrix.Rows - firstRow);
                Span<float> sums = partial.Span.Slice(slab * columns, columns);
                sums.Clear();
                Sum kernel = new(matrix.Gradient.Slice(firstRow * columns, rows * columns), sums);
                for (int row = 0; row < rows; row++)
                {
                    kernel.Slab = row;
                    LaneLoop.Run(ref kernel, columns);
                }
            }
        }
    }

    /// <summary>Adds row <see cref="Slab"/> of a matrix to a vector.</summary>
    private ref struct Sum(ReadOnlySpan<float> matrix, Span<float> sums) : ILaneKernel
    {
        private readonly ReadOnlySpan<float> _matrix = matrix;
        private readonly Span<float> _sums = sums;

        public int Slab { get; set; }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public readonly nuint Run<TLanes>(nuint start, nuint end)
            where TLanes : struct, ILanes<TLanes>
        {
            ref float row = ref MemoryMarshal.GetReference(_matrix.Slice(Slab * _sums.Length, _sums.Length));
            ref float sums = ref MemoryMarshal.GetReference(_sums);
            nuint i = start;
            for (; i + TLanes.Width <= end; i += TLanes.Width)
            {
                (TLanes.Load(in sums, i) + TLanes.Load(in row, i)).Store(ref sums, i);
            }

            return i;
        }
    }
}
