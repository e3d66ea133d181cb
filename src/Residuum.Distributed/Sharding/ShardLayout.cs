using Residuum.Distributed.Exchange;

namespace Residuum.Distributed.Sharding;

/// <summary>Where divided gradients, or values, lie: buckets that travel one after the other, and what a rank keeps of each.</summary>
/// <remarks>
/// Buckets begin with the last parameter, whose gradient a backward pass completes first. Two neighbouring buckets at a time have memory,
/// from the two ends of one array; when one is done, its end is that of the bucket on the other side of the one that remains.
/// </remarks>
internal sealed class ShardLayout
{
    private readonly (int Bucket, int Start)[] _places;

    private ShardLayout(IReadOnlyList<ShardBucket> buckets, int parameters)
    {
        Buckets = buckets;
        LengthOnTheWay = Enumerable.Range(0, buckets.Count).Select(i => checked(LengthOf(i) + LengthOf(i + 1))).DefaultIfEmpty(0).Max();
        _places = new (int, int)[parameters];
        for (int b = 0; b < buckets.Count; b++)
        {
            foreach ((int parameter, int start) in buckets[b].Members)
            {
                _places[parameter] = (b, start);
            }
        }
    }

    /// <summary>The buckets in the order in which gradients are summed.</summary>
    public IReadOnlyList<ShardBucket> Buckets { get; }

    /// <summary>The entries of the two neighbouring buckets that have most.</summary>
    public int LengthOnTheWay { get; }

    /// <summary>Lays out the entries.</summary>
    /// <param name="pieces">
    /// Who owns what, in the order of the parameters; of a parameter's pieces an earlier one has a lower owner.
    /// </param>
    /// <param name="lengths">The entries of each parameter.</param>
    /// <param name="ranks">How many ranks.</param>
    public static ShardLayout Of(IReadOnlyList<ShardPiece> pieces, IReadOnlyList<int> lengths, int ranks)
    {
        ILookup<int, ShardPiece> piecesOf = pieces.ToLookup(piece => piece.Parameter);
        return new ShardLayout(
            [.. GradientBuckets.Of(lengths).Select(parameters => Bucket(parameters, piecesOf, lengths, ranks))], lengths.Count);
    }

    /// <summary>Where a bucket starts in memory that it shares with its neighbours.</summary>
    public int StartOf(int bucket) => bucket % 2 == 0 ? 0 : LengthOnTheWay - Buckets[bucket].Length;

    /// <summary>The bucket of a parameter, and where the parameter starts in it.</summary>
    public (int Bucket, int Start) PlaceOf(int parameter) => _places[parameter];

    /// <summary>The entries that a rank keeps.</summary>
    public int OwnLength(int rank) => Buckets.Sum(bucket => bucket.Counts[rank]);

    /// <summary>The bytes that a rank has for gradients, or for values: its own, and two buckets on their way.</summary>
    public long BytesOf(int rank) => sizeof(float) * ((long)OwnLength(rank) + LengthOnTheWay);

    private int LengthOf(int bucket) => bucket < Buckets.Count ? Buckets[bucket].Length : 0;

    private static ShardBucket Bucket(
        Range parameters, ILookup<int, ShardPiece> piecesOf, IReadOnlyList<int> lengths, int ranks)
    {
        (int first, int count) = parameters.GetOffsetAndLength(lengths.Count);
        List<(int Parameter, int Start)> members = [];
        int[] counts = new int[ranks];
        int start = 0;
        foreach (int parameter in Enumerable.Range(first, count).OrderBy(parameter => piecesOf[parameter].First().Owner))
        {
            members.Add((parameter, start));
            start += lengths[parameter];
            foreach (ShardPiece piece in piecesOf[parameter])
            {
                counts[piece.Owner] += piece.Length;
            }
        }

        return new ShardBucket(members, counts);
    }
}
