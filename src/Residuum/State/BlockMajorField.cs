using System.Runtime.InteropServices;

namespace Residuum.State;

/// <summary>
/// A field of rows that memory holds block by block, a block's pieces of all rows together, and the file row by row. It streams: a row at a
/// time is in the file's order.
/// </summary>
internal sealed class BlockMajorField<T> : StateField
    where T : unmanaged
{
    private readonly int _rows;
    private readonly int _blocks;
    private readonly Piece _piece;
    private readonly RowChecker? _check;

    /// <summary>Makes a field.</summary>
    /// <param name="owner">The parameter's name, or null for a field of the optimizer as a whole.</param>
    /// <param name="spec">What the field is: rows first.</param>
    /// <param name="blocks">The pieces of a row.</param>
    /// <param name="piece">Where a piece lies.</param>
    /// <param name="check">Says what is wrong with a row of a file; null if any bits are right.</param>
    public BlockMajorField(string? owner, FieldSpec spec, int blocks, Piece piece, RowChecker? check = null)
        : base(QualifiedName(owner, spec), spec)
    {
        _rows = (int)spec.Shape[0];
        _blocks = blocks;
        _piece = piece;
        _check = check;
    }

    /// <summary>The memory of a row's piece in a block.</summary>
    public delegate Span<T> Piece(int block, int row);

    /// <summary>Says what is wrong with a row, or null if nothing is.</summary>
    public delegate string? RowChecker(ReadOnlySpan<T> row);

    public override void Write(Stream destination)
    {
        T[] buffer = RowBuffer();
        for (int row = 0; row < _rows; row++)
        {
            int filled = 0;
            for (int block = 0; block < _blocks; block++)
            {
                Span<T> piece = _piece(block, row);
                piece.CopyTo(buffer.AsSpan(filled));
                filled += piece.Length;
            }

            destination.Write(MemoryMarshal.AsBytes(buffer.AsSpan()));
        }
    }

    public override void Read(Stream source)
    {
        T[] buffer = RowBuffer();
        for (int row = 0; row < _rows; row++)
        {
            source.ReadExactly(MemoryMarshal.AsBytes(buffer.AsSpan()));
            int taken = 0;
            for (int block = 0; block < _blocks; block++)
            {
                Span<T> piece = _piece(block, row);
                buffer.AsSpan(taken, piece.Length).CopyTo(piece);
                taken += piece.Length;
            }
        }
    }

    public override string? Check(Stream source)
    {
        if (_check is null)
        {
            return null;
        }

        T[] buffer = RowBuffer();
        for (int row = 0; row < _rows; row++)
        {
            source.ReadExactly(MemoryMarshal.AsBytes(buffer.AsSpan()));
            if (_check(buffer) is string wrong)
            {
                return wrong;
            }
        }

        return null;
    }

    private T[] RowBuffer() => new T[Spec.Elements / Math.Max(1, _rows)];
}
