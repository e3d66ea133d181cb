using Residuum.Numerics;

namespace Residuum.Preconditioning;

/// <summary>The columns that a sketch takes in: <c>B = [ sqrt(decay) U diag(s) , sqrt(weight) X ]</c>, never formed as a whole.</summary>
/// <param name="sketch">U and s.</param>
/// <param name="x">X.</param>
/// <param name="decay">The weights.</param>
internal readonly ref struct SketchColumns(FrequentDirections sketch, Unfolding x, SketchDecay decay)
{
    // Rows or columns of B that are widened at a time.
    private const int Stretch = SymmetricProduct.PanelRows;

    private readonly Unfolding _x = x;

    /// <summary>k + m.</summary>
    public int Count => sketch.Rank + _x.Columns;

    /// <summary>Copies a part of a column.</summary>
    /// <param name="column">Which, the old directions first.</param>
    /// <param name="firstRow">The first element.</param>
    /// <param name="target">As many as there are places.</param>
    public void CopyColumn(int column, int firstRow, Span<double> target)
    {
        if (column >= sketch.Rank)
        {
            _x.CopyColumn(column - sketch.Rank, firstRow, Math.Sqrt(decay.Weight), target);
            return;
        }

        target.Clear();
        double factor = Math.Sqrt(decay.Decay) * sketch.SingularValues[column];
        DoubleKernels.AddScaled(factor, sketch.Direction(column).Slice(firstRow, target.Length), target);
    }

    /// <summary>B^T B, from the rows of B as they are: U is orthonormal only to rounding.</summary>
    /// <param name="gram">Takes it, k + m rows.</param>
    /// <param name="panel">64 rows, zero.</param>
    public void AddInnerProducts(Span<double> gram, Span<double> panel)
    {
        double old = Math.Sqrt(decay.Decay);
        double fresh = Math.Sqrt(decay.Weight);
        int stride = SymmetricProduct.Stride(Count);
        for (int start = 0; start < sketch.Dimension; start += Stretch)
        {
            int rows = Math.Min(Stretch, sketch.Dimension - start);
            for (int j = 0; j < sketch.Rank; j++)
            {
                double factor = old * sketch.SingularValues[j];
                ReadOnlySpan<float> direction = sketch.Direction(j).Slice(start, rows);
                for (int i = 0; i < rows; i++)
                {
                    panel[i * stride + j] = factor * direction[i];
                }
            }

            for (int i = 0; i < rows; i++)
            {
                _x.CopyRow(start + i, fresh, panel.Slice(i * stride + sketch.Rank, _x.Columns));
            }

            SymmetricProduct.Add(panel, rows, Count, gram);
        }
    }

    /// <summary>B B^T = decay U diag(s^2) U^T + weight X X^T.</summary>
    /// <param name="gram">Takes it, d rows.</param>
    /// <param name="panel">64 rows, zero.</param>
    public void AddOuterProducts(Span<double> gram, Span<double> panel)
    {
        int size = sketch.Dimension;
        int stride = SymmetricProduct.Stride(size);
        for (int start = 0; start < Count; start += Stretch)
        {
            int rows = Math.Min(Stretch, Count - start);
            for (int i = 0; i < rows; i++)
            {
                CopyColumn(start + i, 0, panel.Slice(i * stride, size));
            }

            SymmetricProduct.Add(panel, rows, size, gram);
        }
    }
}
