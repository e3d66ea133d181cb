namespace Residuum.ErrorMemory;

/// <summary>Hash tables by their dimensions: each is made once and shared.</summary>
internal sealed class SketchHashes
{
    private readonly Dictionary<(int Columns, int Buckets, int Function), SketchHash> _tables = [];

    /// <summary>The bytes of all tables.</summary>
    public long Bytes => _tables.Values.Sum(table => table.Bytes);

    /// <summary>The table of given dimensions.</summary>
    public SketchHash Get(int columns, int buckets, int function = 0)
    {
        if (!_tables.TryGetValue((columns, buckets, function), out SketchHash? table))
        {
            table = new SketchHash(columns, buckets, function);
            _tables.Add((columns, buckets, function), table);
        }

        return table;
    }
}
