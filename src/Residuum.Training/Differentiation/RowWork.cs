using Residuum.Numerics;

namespace Residuum.Training.Differentiation;

/// <summary>Shares the rows of a kernel between threads.</summary>
internal sealed class RowWork<TKernel> : IWork
    where TKernel : struct, IRowKernel
{
    private TKernel _kernel;
    private int _rows;
    private int _rowsPerChunk;

    public void Share(WorkSharing work, in TKernel kernel, int rows, int rowsPerChunk)
    {
        _kernel = kernel;
        _rows = rows;
        _rowsPerChunk = rowsPerChunk;
        work.Run(this, (rows + rowsPerChunk - 1) / rowsPerChunk);
        _kernel = default;
    }

    public void Run(int chunk, int worker)
    {
        TKernel kernel = _kernel;
        int first = chunk * _rowsPerChunk;
        kernel.Run(first, Math.Min(first + _rowsPerChunk, _rows), worker);
    }
}
