using System.Numerics;
using System.Runtime.CompilerServices;

namespace Residuum.Numerics;

/// <summary>Sums P^T P of float32 panels in double: the small matrix whose eigenvectors are the singular vectors of a large one.</summary>
/// <remarks>
/// The product of two float32 numbers is exact in double, so each entry is a sum of exact terms in the order of the panels' rows, whatever
/// the width of the vectors and whoever computes it.
/// </remarks>
internal sealed class GramMatrix : IWork
{
    private const int TileRows = 4;
    private const int RowsPerChunk = 32;

    private readonly double[] _panel;
    private double[] _sums = [];
    private int _size;
    private int _depth;

    /// <summary>Makes room for panels of the given numbers of rows and columns.</summary>
    public GramMatrix(int panelRows, int columns) => _panel = new double[checked(panelRows * columns)];

    /// <summary>The bytes that an instance holds.</summary>
    public static long BytesFor(int panelRows, int columns) => sizeof(double) * (long)panelRows * columns;

    /// <summary>Adds P^T P to the lower triangle of <paramref name="sums"/>.</summary>
    /// <param name="panel">P, row-major.</param>
    /// <param name="depth">The rows of P.</param>
    /// <param name="size">The columns of P.</param>
    /// <param name="sums">size x size, row-major.</param>
    /// <param name="work">Shares the rows of the sums between threads.</param>
    public void Add(ReadOnlySpan<float> panel, int depth, int size, double[] sums, WorkSharing work)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((long)depth * size, _panel.Length, nameof(depth));
        ArgumentOutOfRangeException.ThrowIfLessThan(sums.Length, (long)size * size, nameof(sums));
        ArgumentOutOfRangeException.ThrowIfNotEqual(panel.Length, depth * size, nameof(panel));
        (_sums, _size, _depth) = (sums, size, depth);
        for (int i = 0; i < panel.Length; i++)
        {
            _panel[i] = panel[i];
        }

        work.Run(this, (size + RowsPerChunk - 1) / RowsPerChunk);
        _sums = [];
    }

    void IWork.Run(int chunk, int worker)
    {
        int end = Math.Min((chunk + 1) * RowsPerChunk, _size);
        for (int row = chunk * RowsPerChunk; row < end; row += TileRows)
        {
            AddRows(row, Math.Min(row + TileRows, end));
        }
    }

    // Rows of the sums up to the diagonal: whole tiles by vectors, the rest one by one.
    [MethodImpl(LaneLoop.KernelOptions)]
    private void AddRows(int first, int end)
    {
        int size = _size;
        ReadOnlySpan<double> panel = _panel.AsSpan(0, _depth * size);
        int column = 0;
        if (end - first == TileRows)
        {
            for (; column + Vector<double>.Count <= end; column += Vector<double>.Count)
            {
                Span<double> target = _sums.AsSpan((first * size) + column);
                Vector<double> s0 = new(target);
                Vector<double> s1 = new(target[size..]);
                Vector<double> s2 = new(target[(2 * size)..]);
                Vector<double> s3 = new(target[(3 * size)..]);
                for (int k = 0; k < panel.Length; k += size)
                {
                    Vector<double> x = new(panel[(k + column)..]);
                    ReadOnlySpan<double> rows = panel.Slice(k + first, TileRows);
                    s0 += x * rows[0];
                    s1 += x * rows[1];
                    s2 += x * rows[2];
                    s3 += x * rows[3];
                }

                s0.CopyTo(target);
                s1.CopyTo(target[size..]);
                s2.CopyTo(target[(2 * size)..]);
                s3.CopyTo(target[(3 * size)..]);
            }
        }

        for (int row = first; row < end; row++)
        {
            for (int j = column; j <= row; j++)
            {
                double sum = _sums[(row * size) + j];
                for (int k = 0; k < panel.Length; k += size)
                {
                    sum += panel[k + row] * panel[k + j];
                }

                _sums[(row * size) + j] = sum;
            }
        }
    }
}
