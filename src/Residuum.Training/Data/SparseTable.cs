namespace Residuum.Training.Data;

/// <summary>A whole LIBSVM file in memory: labels and sparse rows.</summary>
public sealed class SparseTable
{
    private readonly int[] _offsets;
    private readonly int[] _indices;
    private readonly double[] _values;
    private readonly double[] _labels;

    private SparseTable(int[] offsets, int[] indices, double[] values, double[] labels, int features)
    {
        _offsets = offsets;
        _indices = indices;
        _values = values;
        _labels = labels;
        Features = features;
    }

    /// <summary>How many rows.</summary>
    public int Count => _labels.Length;

    /// <summary>How many features: the largest index of the file (from 1).</summary>
    public int Features { get; }

    /// <summary>How many values are stored.</summary>
    public int NonZeros => _values.Length;

    /// <summary>The labels as the file has them.</summary>
    public ReadOnlySpan<double> Labels => _labels;

    /// <summary>Reads a file.</summary>
    /// <param name="file">The file, plain or gzip.</param>
    /// <exception cref="DataFormatException">See <see cref="LibsvmReader.Read"/>; or the file has no row.</exception>
    public static SparseTable Load(string file)
    {
        List<int> offsets = [0];
        List<int> indices = [];
        List<double> values = [];
        List<double> labels = [];
        int features = 0;
        using LibsvmReader reader = new(file);
        while (reader.Read())
        {
            labels.Add(reader.Label);
            indices.AddRange(reader.Indices);
            values.AddRange(reader.Values);
            offsets.Add(values.Count);
            features = reader.Indices.IsEmpty ? features : Math.Max(features, reader.Indices[^1] + 1);
        }

        return labels.Count > 0
            ? new SparseTable([.. offsets], [.. indices], [.. values], [.. labels], features)
            : throw new DataFormatException(file, "line 1", "the file has no row.");
    }

    /// <summary>The feature indices of a row, from 0, rising.</summary>
    /// <param name="row">From 0 to <see cref="Count"/> - 1.</param>
    public ReadOnlySpan<int> Indices(int row) => _indices.AsSpan(_offsets[row], _offsets[row + 1] - _offsets[row]);

    /// <summary>The values at those indices.</summary>
    /// <param name="row">From 0 to <see cref="Count"/> - 1.</param>
    public ReadOnlySpan<double> Values(int row) => _values.AsSpan(_offsets[row], _offsets[row + 1] - _offsets[row]);
}
