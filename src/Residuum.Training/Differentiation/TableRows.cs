using System.Numerics;

namespace Residuum.Training.Differentiation;

/// <summary>What operations that look up rows of a table have in common.</summary>
internal static class TableRows
{
    /// <summary>Columns of a table's gradient that one thread takes at a time: a cache line or two of each row.</summary>
    public const int ColumnsPerChunk = 32;

    public static void Check(Tensor table, ReadOnlySpan<int> rows)
    {
        if (table.Shape.Length != 2)
        {
            throw new ArgumentException(
                $"A table needs the shape [rows, width], but got {TensorShape.Format(table.Shape)}.", nameof(table));
        }

        foreach (int row in rows)
        {
            if ((uint)row >= (uint)table.Rows)
            {
                throw new ArgumentException($"The table has no row {row}: it must be from 0 to {table.Rows - 1}.", nameof(rows));
            }
        }
    }

    /// <summary><c>target += factor * source</c>, entry by entry.</summary>
    public static void Add(ReadOnlySpan<float> source, float factor, Span<float> target)
    {
        int i = 0;
        for (; i + Vector<float>.Count <= target.Length; i += Vector<float>.Count)
        {
            (new Vector<float>(target[i..]) + (factor * new Vector<float>(source[i..]))).CopyTo(target[i..]);
        }

        for (; i < target.Length; i++)
        {
            target[i] += factor * source[i];
        }
    }
}
