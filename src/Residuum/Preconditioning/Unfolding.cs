namespace Residuum.Preconditioning;

/// <summary>A tensor seen along one of its axes: the matrix Y whose columns are all the lines along that axis.</summary>
/// <param name="values">The tensor, row-major, as [outer, length, inner].</param>
/// <param name="outer">The product of the axes before.</param>
/// <param name="length">The axis, d: the rows of Y.</param>
/// <param name="inner">The product of the axes behind.</param>
internal readonly ref struct Unfolding(ReadOnlySpan<float> values, int outer, int length, int inner)
{
    private readonly ReadOnlySpan<float> _values = values;

    /// <summary>A vector as a matrix of one column.</summary>
    public Unfolding(ReadOnlySpan<float> vector)
        : this(vector, 1, vector.Length, 1)
    {
    }

    /// <summary>d, the length of the axis.</summary>
    public int Rows => length;

    /// <summary>m, how many lines there are.</summary>
    public int Columns => outer * inner;

    /// <summary>Copies a part of a column, each element times <paramref name="factor"/>.</summary>
    public void CopyColumn(int column, int firstRow, double factor, Span<double> target)
    {
        int at = (column / inner * length + firstRow) * inner + column % inner;
        for (int i = 0; i < target.Length; i++, at += inner)
        {
            target[i] = factor * _values[at];
        }
    }

    /// <summary>Copies a row, each element times <paramref name="factor"/>.</summary>
    public void CopyRow(int row, double factor, Span<double> target)
    {
        for (int o = 0; o < outer; o++)
        {
            ReadOnlySpan<float> source = _values.Slice((o * length + row) * inner, inner);
            for (int i = 0; i < inner; i++)
            {
                target[o * inner + i] = factor * source[i];
            }
        }
    }
}
