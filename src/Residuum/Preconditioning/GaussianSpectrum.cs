using Residuum.Numerics;

namespace Residuum.Preconditioning;

/// <summary>
/// The spectrum of second moments without any structure: the sum of <c>decay^i X_i X_i^T</c> over draws of d x m independent normal
/// numbers. What gradients are compared with (arXiv 2302.03764, section 5.2).
/// </summary>
public sealed class GaussianSpectrum : IWork
{
    // Columns of all draws that are multiplied at a time: 16 MB for 1,024 rows.
    private const int ColumnsAtATime = 4096;
    private const int StripRows = 128;

    private readonly int _size;
    private readonly int _columns;
    private readonly long _draws;
    private readonly double _decay;
    private readonly float[] _part;
    private readonly float[] _sum;
    private readonly double[] _weights = new double[ColumnsAtATime];
    private CounterRandom _random;
    private long _firstColumn;
    private int _partColumns;

    /// <summary>Prepares trials.</summary>
    /// <param name="size">d, at least 1 and at most 16,000.</param>
    /// <param name="columns">m, at least 1.</param>
    /// <param name="draws">How many X are summed, at least 1.</param>
    /// <param name="decay">beta2, in (0, 1].</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of its range.</exception>
    public GaussianSpectrum(int size, int columns, long draws, double decay)
    {
        _size = Require.Between(size, 1, 16_000, "size");
        _columns = (int)Require.AtLeast(columns, 1, "columns");
        _draws = Require.AtLeast(draws, 1, "draws");
        _decay = Require.Fraction(decay, "decay");
        _part = new float[size * ColumnsAtATime];
        _sum = new float[size * size];
    }

    /// <summary>Draws, sums and decomposes once.</summary>
    /// <param name="trial">Which numbers are drawn.</param>
    /// <param name="work">Shares the work between threads; the result does not depend on them.</param>
    public Spectrum Run(ulong trial, WorkSharing work)
    {
        ArgumentNullException.ThrowIfNull(work);
        _random = new CounterRandom(seed: 2302_03764, stream: trial);
        Array.Clear(_sum);
        long all = _draws * _columns;
        for (_firstColumn = 0; _firstColumn < all; _firstColumn += ColumnsAtATime)
        {
            _partColumns = (int)Math.Min(ColumnsAtATime, all - _firstColumn);
            for (int i = 0; i < _partColumns; i++)
            {
                _weights[i] = Math.Pow(_decay, 0.5 * ((_firstColumn + i) / _columns));
            }

            work.Run(this, _size);
            AddProduct(work);
        }

        double[] matrix = new double[_size * _size];
        double[] values = new double[_size];
        for (int i = 0; i < matrix.Length; i++)
        {
            matrix[i] = _sum[i];
        }

        SymmetricEigen.Values(matrix, values, new Scratch(1, SymmetricEigen.ScratchBytes(_size)).Area(0));
        return Spectrum.Of(values);
    }

    /// <summary>Fills one row of the part, each draw times the root of its weight.</summary>
    /// <param name="chunk">The row.</param>
    /// <param name="worker">Not used.</param>
    void IWork.Run(int chunk, int worker)
    {
        Span<float> row = _part.AsSpan(chunk * _partColumns, _partColumns);
        for (int i = 0; i < row.Length; i += 2)
        {
            (double first, double second) = _random.NormalPair((ulong)(((_firstColumn + i) * _size) + chunk));
            row[i] = (float)(_weights[i] * first);
            if (i + 1 < row.Length)
            {
                row[i + 1] = (float)(_weights[i + 1] * second);
            }
        }
    }

    // The lower triangle of the product, a strip of rows at a time.
    private void AddProduct(WorkSharing work)
    {
        for (int first = 0; first < _size; first += StripRows)
        {
            int rows = Math.Min(StripRows, _size - first);
            int columns = first + rows;
            MatrixLayout left = new(rows, _partColumns);
            MatrixLayout right = new MatrixLayout(columns, _partColumns).Transpose();
            ReadOnlySpan<float> strip = _part.AsSpan(first * _partColumns, rows * _partColumns);
            MatrixProduct.Multiply(
                strip, left, _part, right, _sum.AsSpan(first * _size), new MatrixLayout(rows, columns, _size), work, beta: 1);
        }
    }
}
