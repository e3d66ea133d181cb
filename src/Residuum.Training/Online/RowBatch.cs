using Residuum.Training.Data;

namespace Residuum.Training.Online;

/// <summary>Some consecutive rows, with a constant feature behind the others; label 1 where the file's is positive, else 0.</summary>
/// <param name="capacity">How many rows at most.</param>
/// <param name="features">The features without the constant.</param>
internal sealed class RowBatch(int capacity, int features)
{
    private readonly List<int> _indices = [];
    private readonly List<double> _values = [];
    private readonly int[] _ends = new int[capacity];
    private readonly double[] _labels = new double[capacity];

    /// <summary>How many rows it holds.</summary>
    public int Count { get; private set; }

    /// <summary>Takes the next rows in place of what it held.</summary>
    /// <param name="stream">Where from.</param>
    /// <param name="limit">How many at most.</param>
    public void Fill(IRowStream stream, long limit)
    {
        _indices.Clear();
        _values.Clear();
        Count = 0;
        while (Count < Math.Min(capacity, limit) && stream.Read())
        {
            _indices.AddRange(stream.Indices);
            _values.AddRange(stream.Values);
            _indices.Add(features);
            _values.Add(1);
            _labels[Count] = stream.Label > 0 ? 1 : 0;
            _ends[Count] = _indices.Count;
            Count++;
        }
    }

    /// <summary>1 or 0.</summary>
    public double Label(int row) => _labels[row];

    /// <summary>The indices of a row, the constant's last.</summary>
    public ReadOnlySpan<int> Indices(int row) => Of(_indices, row);

    /// <summary>The values at those indices.</summary>
    public ReadOnlySpan<double> Values(int row) => Of(_values, row);

    private ReadOnlySpan<T> Of<T>(List<T> list, int row)
    {
        int start = row == 0 ? 0 : _ends[row - 1];
        return System.Runtime.InteropServices.CollectionsMarshal.AsSpan(list)[start.._ends[row]];
    }
}
