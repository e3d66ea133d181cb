namespace Residuum.Preconditioning;

/// <summary>
/// How a tensor falls into rows of matrices (its last two dimensions), and these into bands whose column sums are taken side by side.
/// </summary>
/// <remarks>
/// Made from the shape alone, so that sums are the same bits for any number of threads. A single matrix is cut into bands of rows, each
/// with column sums of its own, added up in order; of several matrices in a tensor each is in one band. A vector has no rows: any stretch
/// of it will do.
/// </remarks>
internal readonly struct RowBands
{
    /// <summary>Entries that are treated at once, as far as rows allow: they stay in the first-level cache.</summary>
    public const int Stretch = 4096;

    // Few enough rows for float32 sums, and so many that the bands' sums are small beside the matrix.
    private const int MostRows = 512;
    private const int FewestRows = 64;
    private const int BandEntries = 65_536;
    private const int MostRowsAtOnce = 256;

    private readonly int _rowsAtOnce;
    private readonly int _bandRows;

    /// <summary>Cuts a tensor.</summary>
    /// <param name="shape">Its shape.</param>
    public RowBands(ReadOnlySpan<int> shape)
    {
        Length = TensorShape.ElementCount(shape, "tensor");
        IsMatrix = shape.Length >= 2;
        if (!IsMatrix)
        {
            return;
        }

        Columns = shape[^1];
        RowsOfMatrix = shape[^2];
        Matrices = TensorShape.ElementCount(shape[..^2], "tensor");
        int columns = Math.Max(Columns, 1);
        _rowsAtOnce = Math.Clamp(Stretch / columns, 1, MostRowsAtOnce);
        if (Matrices == 1)
        {
            int target = Math.Clamp(BandEntries / columns, FewestRows, MostRows);
            _bandRows = Math.Max(1, target / _rowsAtOnce) * _rowsAtOnce;
            return;
        }

        _bandRows = Math.Max(RowsOfMatrix, 1);
        while (_bandRows % _rowsAtOnce != 0)
        {
            _rowsAtOnce--;
        }
    }

    /// <summary>The entries.</summary>
    public int Length { get; }

    /// <summary>Whether there are two dimensions at least.</summary>
    public bool IsMatrix { get; }

    /// <summary>The matrices in the tensor: the product of all dimensions but the last two.</summary>
    public int Matrices { get; }

    /// <summary>The rows of each matrix.</summary>
    public int RowsOfMatrix { get; }

    /// <summary>The entries of a row.</summary>
    public int Columns { get; }

    /// <summary>The rows of all matrices.</summary>
    public int Rows => Matrices * RowsOfMatrix;

    /// <summary>The entries that are treated at once: rows of one band, or a stretch of a vector.</summary>
    public int StretchLength => (int)Math.Min(IsMatrix ? (long)_rowsAtOnce * Columns : Stretch, Length);

    /// <summary>The entries of a band, which one thread works on; 1 for a vector, which can be cut anywhere.</summary>
    public int Granule => IsMatrix ? (int)Math.Clamp((long)_bandRows * Columns, 1, Math.Max(Length, 1)) : 1;

    /// <summary>How many column sums there are: for each band, or for each matrix, one of each column.</summary>
    public int SumLength => IsMatrix && Length > 0 ? Columns * (Matrices == 1 ? (RowsOfMatrix + _bandRows - 1) / _bandRows : Matrices) : 0;

    /// <summary>The matrix that an entry lies in.</summary>
    /// <param name="start">The entry.</param>
    public int MatrixOf(int start) => start / Columns / RowsOfMatrix;

    /// <summary>Where the column sums are that an entry's row belongs to.</summary>
    /// <param name="start">The entry.</param>
    public int SumOf(int start) => start / Columns / _bandRows * Columns;

    /// <summary>Adds the sums of all bands of a matrix to those of the first, in order.</summary>
    /// <param name="sums">As many as <see cref="SumLength"/>.</param>
    public void CombineSums(Span<float> sums)
    {
        if (Matrices == 1)
        {
            for (int j = 0; j < Columns; j++)
            {
                double sum = 0;
                for (int place = j; place < sums.Length; place += Columns)
                {
                    sum += sums[place];
                }

                sums[j] = (float)sum;
            }
        }
    }
}
