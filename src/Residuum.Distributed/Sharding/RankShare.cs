using Residuum.Distributed.Collectives;

namespace Residuum.Distributed.Sharding;

/// <summary>The entries that a rank keeps: its parts of all buckets, one after the other.</summary>
internal sealed class RankShare
{
    private readonly ShardLayout _layout;
    private readonly int _rank;
    private readonly float[] _entries;
    private readonly int[] _starts;

    /// <summary>Makes the memory; all entries are 0.</summary>
    /// <param name="layout">Where the entries of all ranks lie.</param>
    /// <param name="rank">The rank.</param>
    public RankShare(ShardLayout layout, int rank)
    {
        _layout = layout;
        _rank = rank;
        _entries = new float[layout.OwnLength(rank)];
        _starts = new int[layout.Buckets.Count];
        for (int b = 1; b < _starts.Length; b++)
        {
            _starts[b] = _starts[b - 1] + layout.Buckets[b - 1].Counts[rank];
        }
    }

    /// <summary>All of them.</summary>
    public Span<float> Entries => _entries;

    /// <summary>The rank's part of a bucket.</summary>
    public Span<float> OfBucket(int bucket) => _entries.AsSpan(_starts[bucket], _layout.Buckets[bucket].Counts[_rank]);

    /// <summary>The memory of one of the rank's pieces.</summary>
    public Memory<float> Of(ShardPiece piece)
    {
        (int bucket, int start) = _layout.PlaceOf(piece.Parameter);
        int inPart = start + piece.Start - PartLengths.Before(_layout.Buckets[bucket].Counts, _rank);
        return _entries.AsMemory(_starts[bucket] + inPart, piece.Length);
    }
}
