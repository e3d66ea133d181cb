namespace Residuum.Training.Data;

/// <summary>Labelled bags of word ids: for each row a number of ids, whose order does not matter, and a class.</summary>
public sealed class BagSet
{
    private readonly int[] _ids;
    private readonly int[] _offsets;
    private readonly int[] _labels;

    internal BagSet(int[] ids, int[] offsets, int[] labels)
    {
        _ids = ids;
        _offsets = offsets;
        _labels = labels;
        for (int row = 0; row < labels.Length; row++)
        {
            LongestBag = Math.Max(LongestBag, offsets[row + 1] - offsets[row]);
        }
    }

    /// <summary>How many rows.</summary>
    public int Count => _labels.Length;

    /// <summary>Ids of all rows together.</summary>
    public int TotalIds => _ids.Length;

    /// <summary>Ids of the longest row: a batch of n rows has at most n times as many.</summary>
    public int LongestBag { get; }

    /// <summary>The class of every row.</summary>
    public ReadOnlySpan<int> Labels => _labels;

    /// <summary>The ids of one row; a text without a word has none.</summary>
    /// <param name="row">From 0 to <see cref="Count"/> - 1.</param>
    public ReadOnlySpan<int> Bag(int row) => _ids.AsSpan(_offsets[row], _offsets[row + 1] - _offsets[row]);

    /// <summary>Copies chosen rows, one bag after the other.</summary>
    /// <param name="rows">Which rows, each from 0 to <see cref="Count"/> - 1.</param>
    /// <param name="ids">Receives the bags' ids; rows.Length x <see cref="LongestBag"/> is always enough.</param>
    /// <param name="offsets">rows.Length + 1 places: bag i is ids[offsets[i]] to before ids[offsets[i + 1]].</param>
    /// <param name="labels">rows.Length places.</param>
    /// <returns>How many ids were written.</returns>
    /// <exception cref="ArgumentException">A target is too short.</exception>
    public int CopyBatch(ReadOnlySpan<int> rows, Span<int> ids, Span<int> offsets, Span<int> labels)
    {
        int written = 0;
        for (int i = 0; i < rows.Length; i++)
        {
            ReadOnlySpan<int> bag = Bag(rows[i]);
            offsets[i] = written;
            labels[i] = _labels[rows[i]];
            bag.CopyTo(ids[written..]);
            written += bag.Length;
        }

        offsets[rows.Length] = written;
        return written;
    }
}
