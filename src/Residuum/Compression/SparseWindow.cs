using System.Numerics;
using Residuum.Numerics;
using Residuum.State;

namespace Residuum.Compression;

/// <summary>A ring of the last m sparse gradients of one array: indices relative to the block, and stored values.</summary>
/// <remarks>
/// In memory the window is block-major (block, row, entry), so that a block's entries of all rows lie side by side; on file it has the
/// page's order (row, entry). With 16-bit indices 4 bytes an entry for bfloat16 values, 6 for float32.
/// </remarks>
/// <typeparam name="TIndex"><see cref="ushort"/>, or <see cref="int"/> where a block may have more than 65,536 entries.</typeparam>
/// <typeparam name="TStored"><see cref="ushort"/> for bfloat16 patterns, or <see cref="float"/>.</typeparam>
internal sealed class SparseWindow<TIndex, TStored>
    where TIndex : unmanaged, IBinaryInteger<TIndex>
    where TStored : unmanaged
{
    private readonly BlockTopK _layout;
    private readonly int _rows;
    private readonly Memory<TIndex> _indices;
    private readonly Memory<TStored> _values;

    public SparseWindow(BlockTopK layout, int rows, StateArena arena)
    {
        _layout = layout;
        _rows = rows;
        _ = Require.ArrayLength((long)rows * layout.TotalKept, "window", "a window");
        FieldSpec[] fields = [.. Fields(layout.TotalKept, rows)];
        _indices = arena.Take<TIndex>(fields[0]);
        _values = arena.Take<TStored>(fields[1]);
    }

    /// <summary>The fields of a window: <c>window_index</c> and <c>window_value</c>, each [m, k].</summary>
    /// <param name="kept">k of all blocks together.</param>
    /// <param name="rows">m.</param>
    public static IEnumerable<FieldSpec> Fields(long kept, int rows) =>
    [
        new("window_index", typeof(TIndex) == typeof(ushort) ? ElementType.U16 : ElementType.I32, rows, kept),
        new("window_value", typeof(TStored) == typeof(ushort) ? ElementType.BF16 : ElementType.F32, rows, kept),
    ];

    /// <summary>The indices of a block: its rows one after another, k each.</summary>
    public Span<TIndex> Indices(int block) => _indices.Span.Slice(_rows * _layout.KeptBefore(block), _rows * _layout.KeptIn(block));

    /// <summary>The stored values of a block, laid out like <see cref="Indices(int)"/>.</summary>
    public Span<TStored> Values(int block) => _values.Span.Slice(_rows * _layout.KeptBefore(block), _rows * _layout.KeptIn(block));

    /// <summary>Requests a block's entries from memory; it affects the time alone.</summary>
    public void Request(int block)
    {
        CacheLine.RequestFirst<TIndex>(Indices(block));
        CacheLine.RequestFirst<TStored>(Values(block));
    }

    /// <summary>The indices of a block in one row.</summary>
    public Span<TIndex> Indices(int block, int row) =>
        _indices.Span.Slice((_rows * _layout.KeptBefore(block)) + (row * _layout.KeptIn(block)), _layout.KeptIn(block));

    /// <summary>The stored values of a block in one row.</summary>
    public Span<TStored> Values(int block, int row) =>
        _values.Span.Slice((_rows * _layout.KeptBefore(block)) + (row * _layout.KeptIn(block)), _layout.KeptIn(block));

    /// <summary>Stores the entries that a row's indices name. What storage rounds away stays in the array with what was not kept.</summary>
    /// <typeparam name="TValue">How values are stored.</typeparam>
    /// <param name="block">The block.</param>
    /// <param name="row">The row, whose indices are there already.</param>
    /// <param name="rest">The block of the array.</param>
    /// <param name="kept">As long: takes the entries as they are stored; 0 elsewhere.</param>
    public void Store<TValue>(int block, int row, Span<float> rest, Span<float> kept)
        where TValue : IStoredValue<TStored>
    {
        ReadOnlySpan<TIndex> indices = Indices(block, row);
        Span<TStored> values = Values(block, row);
        kept.Clear();
        for (int i = 0; i < indices.Length; i++)
        {
            int index = int.CreateTruncating(indices[i]);
            values[i] = TValue.Store(rest[index]);
            kept[index] = TValue.Read(values[i]);
            rest[index] -= kept[index];
        }
    }

    /// <summary>The live fields, for the optimizer's state.</summary>
    /// <param name="owner">The parameter's name, or null for a window over all parameters.</param>
    public IEnumerable<StateField> State(string? owner)
    {
        FieldSpec[] fields = [.. Fields(_layout.TotalKept, _rows)];
        yield return new BlockMajorField<TIndex>(owner, fields[0], _layout.Blocks, Indices, CheckIndices);
        yield return new BlockMajorField<TStored>(owner, fields[1], _layout.Blocks, Values);
    }

    // Indices steer where a step writes, so those of a file are not believed.
    private string? CheckIndices(ReadOnlySpan<TIndex> row)
    {
        for (int block = 0; block < _layout.Blocks; block++)
        {
            int previous = 0;
            foreach (TIndex stored in row.Slice(_layout.KeptBefore(block), _layout.KeptIn(block)))
            {
                int index = int.CreateTruncating(stored);
                if (index < 0 || index >= _layout.LengthOf(block))
                {
                    return $"holds index {index} in block {block}, which has {_layout.LengthOf(block)} entries";
                }

                if (index < previous)
                {
                    return $"holds index {index} after {previous} in block {block}; indices must rise";
                }

                previous = index;
            }
        }

        return null;
    }
}
