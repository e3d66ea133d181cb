using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Residuum.State;

namespace Residuum.Compression;

/// <summary>A ring of the last m sparse gradients of one tensor: 16-bit indices relative to the block, bfloat16 values.</summary>
/// <remarks>
/// In memory the window is block-major (block, row, entry), so that a block's entries of all rows lie side by side; on file it has the page's
/// order (row, entry). 4 bytes an entry.
/// </remarks>
internal sealed class SparseWindow
{
    private readonly BlockTopK _layout;
    private readonly int _rows;
    private readonly ushort[] _indices;
    private readonly ushort[] _values;

    public SparseWindow(BlockTopK layout, int rows)
    {
        _layout = layout;
        _rows = rows;
        _indices = new ushort[rows * layout.TotalKept];
        _values = new ushort[rows * layout.TotalKept];
    }

    /// <summary>The fields of a window: <c>window_index</c> and <c>window_value</c>, each [m, k].</summary>
    public static IEnumerable<FieldSpec> Fields(BlockTopK layout, int rows) =>
    [
        new("window_index", ElementType.U16, rows, layout.TotalKept),
        new("window_value", ElementType.BF16, rows, layout.TotalKept),
    ];

    /// <summary>The indices of a block: its rows one after another, k each.</summary>
    public Span<ushort> Indices(int block) => _indices.AsSpan(_rows * _layout.KeptBefore(block), _rows * _layout.KeptIn(block));

    /// <summary>The bfloat16 patterns of a block, laid out like <see cref="Indices"/>.</summary>
    public Span<ushort> Values(int block) => _values.AsSpan(_rows * _layout.KeptBefore(block), _rows * _layout.KeptIn(block));

    /// <summary>The live fields, for the optimizer's state.</summary>
    public IEnumerable<StateField> State(string owner)
    {
        FieldSpec[] fields = [.. Fields(_layout, _rows)];
        yield return StateField.Converted(owner, fields[0], bytes => Write(_indices, bytes), bytes => Read(bytes, _indices), CheckIndices);
        yield return StateField.Converted(owner, fields[1], bytes => Write(_values, bytes), bytes => Read(bytes, _values));
    }

    private void Write(ushort[] blockMajor, Span<byte> rowMajor)
    {
        Span<ushort> file = MemoryMarshal.Cast<byte, ushort>(rowMajor);
        for (int block = 0; block < _layout.Blocks; block++)
        {
            int kept = _layout.KeptIn(block);
            int before = _layout.KeptBefore(block);
            for (int row = 0; row < _rows; row++)
            {
                blockMajor.AsSpan((_rows * before) + (row * kept), kept).CopyTo(file.Slice((row * _layout.TotalKept) + before, kept));
            }
        }
    }

    private void Read(ReadOnlySpan<byte> rowMajor, ushort[] blockMajor)
    {
        ReadOnlySpan<ushort> file = MemoryMarshal.Cast<byte, ushort>(rowMajor);
        for (int block = 0; block < _layout.Blocks; block++)
        {
            int kept = _layout.KeptIn(block);
            int before = _layout.KeptBefore(block);
            for (int row = 0; row < _rows; row++)
            {
                file.Slice((row * _layout.TotalKept) + before, kept).CopyTo(blockMajor.AsSpan((_rows * before) + (row * kept), kept));
            }
        }
    }

    // Indices steer where a step writes, so those of a file are not believed.
    private string? CheckIndices(ReadOnlySpan<byte> rowMajor)
    {
        for (int block = 0; block < _layout.Blocks; block++)
        {
            for (int row = 0; row < _rows; row++)
            {
                int first = (row * _layout.TotalKept) + _layout.KeptBefore(block);
                for (int i = first; i < first + _layout.KeptIn(block); i++)
                {
                    int index = BinaryPrimitives.ReadUInt16LittleEndian(rowMajor[(2 * i)..]);
                    if (index >= _layout.LengthOf(block))
                    {
                        return $"holds index {index} in block {block}, which has {_layout.LengthOf(block)} entries";
                    }
                }
            }
        }

        return null;
    }
}
