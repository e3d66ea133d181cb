using System.Globalization;

namespace Residuum.Training.Data;

/// <summary>Reads a file in LIBSVM format row by row: <c>LABEL INDEX:VALUE INDEX:VALUE ...</c>, indices from 1 and rising, zeros left out;
/// plain or gzip.</summary>
/// <remarks>Memory is that of the longest row, whatever the file's length.</remarks>
public sealed class LibsvmReader : IRowStream
{
    private readonly DataReader _reader;
    private int[] _indices = new int[64];
    private double[] _values = new double[64];
    private int _count;

    /// <summary>Opens a file.</summary>
    /// <param name="file">The file, plain or gzip.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    public LibsvmReader(string file) => _reader = new DataReader(file);

    /// <summary>The label of the row that was read last.</summary>
    public double Label { get; private set; }

    /// <summary>The row's feature indices, from 0 (one less than in the file), rising; valid until the next row.</summary>
    public ReadOnlySpan<int> Indices => _indices.AsSpan(0, _count);

    /// <summary>The values at those indices.</summary>
    public ReadOnlySpan<double> Values => _values.AsSpan(0, _count);

    /// <summary>Reads the next row.</summary>
    /// <returns>False at the file's end.</returns>
    /// <exception cref="DataFormatException">A line without a label, an entry that is not INDEX:VALUE, an index below 1 or not above the
    /// one before, a value that is not finite.</exception>
    public bool Read()
    {
        if (!_reader.TryReadLine(out ReadOnlySpan<byte> line))
        {
            return false;
        }

        ReadOnlySpan<byte> label = NextField(ref line);
        Label = ParseNumber(label, "label");
        _count = 0;
        int previous = 0;
        for (ReadOnlySpan<byte> entry = NextField(ref line); !entry.IsEmpty; entry = NextField(ref line))
        {
            int colon = entry.IndexOf((byte)':');
            if (colon < 0 || !int.TryParse(entry[..colon], NumberStyles.None, CultureInfo.InvariantCulture, out int index))
            {
                throw _reader.WrongLine($"the entry {Quote(entry)} is not INDEX:VALUE with a whole number before the colon.");
            }

            if (index <= previous)
            {
                throw _reader.WrongLine($"the index {index} follows {previous}; indices begin at 1 and rise.");
            }

            Add(index - 1, ParseNumber(entry[(colon + 1)..], "value"));
            previous = index;
        }

        return true;
    }

    /// <inheritdoc/>
    public void Dispose() => _reader.Dispose();

    private static ReadOnlySpan<byte> NextField(ref ReadOnlySpan<byte> line)
    {
        line = line.TrimStart(" \t"u8);
        int end = line.IndexOfAny((byte)' ', (byte)'\t');
        ReadOnlySpan<byte> field = end < 0 ? line : line[..end];
        line = line[field.Length..];
        return field;
    }

    private static string Quote(ReadOnlySpan<byte> entry) => System.Text.Encoding.UTF8.GetString(entry[..Math.Min(entry.Length, 40)]);

    private double ParseNumber(ReadOnlySpan<byte> text, string what) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) && double.IsFinite(number)
            ? number
            : throw _reader.WrongLine($"the {what} '{Quote(text)}' is not a finite number.");

    private void Add(int index, double value)
    {
        if (_count == _indices.Length)
        {
            Array.Resize(ref _indices, 2 * _count);
            Array.Resize(ref _values, 2 * _count);
        }

        _indices[_count] = index;
        _values[_count] = value;
        _count++;
    }
}
