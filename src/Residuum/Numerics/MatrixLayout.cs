namespace Residuum.Numerics;

/// <summary>Where the elements of a row-major float32 matrix lie in a span, and whether it is read transposed.</summary>
/// <remarks>
/// <see cref="Rows"/> and <see cref="Columns"/> are those of the matrix as it is used, after the transposition. Element (i, j) lies at
/// <c>i * Stride + j</c>, and at <c>j * Stride + i</c> where <see cref="IsTransposed"/> is set.
/// </remarks>
/// <param name="Rows">The number of rows as used; may be 0.</param>
/// <param name="Columns">The number of columns as used; may be 0.</param>
/// <param name="Stride">The distance between stored rows in elements; at least the length of a stored row.</param>
/// <param name="IsTransposed">Whether stored rows are the columns of the matrix as used.</param>
public readonly record struct MatrixLayout(int Rows, int Columns, int Stride, bool IsTransposed = false)
{
    /// <summary>Stored rows that follow each other without a gap.</summary>
    /// <param name="rows">The number of rows.</param>
    /// <param name="columns">The number of columns.</param>
    public MatrixLayout(int rows, int columns)
        : this(rows, columns, columns)
    {
    }

    /// <summary>How many elements a span needs to hold this matrix.</summary>
    public long Length => Rows == 0 || Columns == 0
        ? 0
        : ((IsTransposed ? Columns : Rows) - 1L) * Stride + (IsTransposed ? Rows : Columns);

    /// <summary>The same elements in memory, read with rows and columns exchanged.</summary>
    public MatrixLayout Transpose() => new(Columns, Rows, Stride, !IsTransposed);

    /// <summary>Checks the numbers and that a span of <paramref name="available"/> elements holds this matrix.</summary>
    internal void Require(long available, string name)
    {
        if (Rows < 0 || Columns < 0 || Stride < (IsTransposed ? Rows : Columns))
        {
            throw new ArgumentException(
                $"The matrix {name} has {Rows} rows, {Columns} columns and stride {Stride}; "
                    + "none may be negative and the stride must hold a row.",
                name);
        }

        if (available < Length)
        {
            throw new ArgumentException($"The matrix {name} needs {Length} elements; its span has {available}.", name);
        }
    }
}
