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
    /// <summary>Rows that one thread takes at a time.</summary>
    public const int RowsPerSlab = 256;

    /// <summary>The number of slabs of a matrix.</summary>
    public static int Slabs(int rows) => (rows + RowsPerSlab - 1) / RowsPerSlab;

    /// <summary>Adds the column sums of the gradient of <paramref name="matrix"/> to <paramref name="sums"/>.</summary>
    public static void AddGradient(Tape tape, Tensor matrix, Span<float> sums)
    {
        int columns = matrix.Columns;
        int slabs = Slabs(matrix.Rows);
        using Scratch partial = tape.RentScratch(slabs * columns);
        partial.Span.Clear();
        tape.ForRows(new SlabSums(matrix, partial.Memory), slabs, rowsPerChunk: 1);
        Add(partial.Span, columns, sums);
    }

    /// <summary>Adds the column sums of a matrix to <paramref name="sums"/>, row by row.</summary>
    public static void Add(ReadOnlySpan<float> matrix, int columns, Span<float> sums)
    {
        Kernel kernel = new(matrix, columns, sums);
        LaneLoop.Run(ref kernel, columns);
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
                Add(matrix.Gradient.Slice(firstRow * columns, rows * columns), columns, partial.Span.Slice(slab * columns, columns));
            }
        }
    }

    /// <summary>Keeps the sums of a register's columns while it walks down the rows.</summary>
    private readonly ref struct Kernel(ReadOnlySpan<float> matrix, int columns, Span<float> sums) : ILaneKernel
    {
        private readonly ReadOnlySpan<float> _matrix = matrix;
        private readonly Span<float> _sums = sums[..columns];

        [MethodImpl(LaneLoop.KernelOptions)]
        public nuint Run<TLanes>(nuint start, nuint end)
            where TLanes : struct, ILanes<TLanes>
        {
            ref float matrix = ref MemoryMarshal.GetReference(_matrix);
            ref float sums = ref MemoryMarshal.GetReference(_sums);
            nuint columns = (nuint)_sums.Length;
            nuint length = (nuint)_matrix.Length / columns * columns;
            nuint i = start;
            for (; i + TLanes.Width <= end; i += TLanes.Width)
            {
                TLanes sum = TLanes.Load(in sums, i);
                for (nuint row = 0; row < length; row += columns)
                {
                    sum += TLanes.Load(in matrix, row + i);
                }

                sum.Store(ref sums, i);
            }

            return i;
        }
    }
}
