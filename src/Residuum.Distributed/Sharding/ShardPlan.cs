using Residuum.Optimizers;

namespace Residuum.Distributed.Sharding;

/// <summary>Which rank owns what, and what that costs: the same on all ranks, since it follows from shapes and options alone.</summary>
/// <remarks>
/// Methods that work entry by entry or block by block are cut at blocks, so that each rank has 1/N of the state up to a block. Of the
/// others whole parameters are given to ranks, balanced by the bytes of their state.
/// </remarks>
internal sealed class ShardPlan
{
    private readonly ShapedParameter[] _shapes;
    private readonly OptimizerKind _kind;
    private readonly IReadOnlyList<ShapedGroup> _groups;

    private ShardPlan(OptimizerKind kind, IReadOnlyList<ShapedGroup> groups, int ranks, int threads)
    {
        _kind = kind;
        _groups = groups;
        _shapes = [.. groups.SelectMany(group => group.Parameters)];
        Undivided = kind.Plan(groups, threads);
        ILookup<string?, long> bytes = Undivided.Fields.ToLookup(field => field.Owner, field => field.Spec.Bytes);
        long[] costs = [.. _shapes.Select(shape => bytes[shape.Name].Sum())];
        ShardCut?[] cuts = [.. groups.SelectMany(group => Enumerable.Repeat(ShardCut.Of(kind, group.Options), group.Parameters.Count))];
        Pieces = cuts.All(cut => cut is not null)
            ? Cut([.. _shapes.Select(shape => shape.Length)], costs, [.. cuts.Select(cut => cut!.Value)], ranks)
            : [.. Owners(costs, ranks).Select((owner, i) => new ShardPiece(i, owner, 0, _shapes[i].Length))];
    }

    /// <summary>What one rank would hold alone.</summary>
    public MemoryPlan Undivided { get; }

    /// <summary>All pieces, in the order of the parameters and of their entries.</summary>
    public IReadOnlyList<ShardPiece> Pieces { get; }

    /// <summary>Divides a method's state.</summary>
    /// <param name="kind">The method.</param>
    /// <param name="groups">Shapes, each group with its options.</param>
    /// <param name="ranks">How many ranks.</param>
    /// <param name="threads">How many threads a step may use.</param>
    /// <exception cref="ArgumentException">The method's state cannot be divided, or not between so many ranks.</exception>
    public static ShardPlan Of(OptimizerKind kind, IReadOnlyList<ShapedGroup> groups, int ranks, int threads)
    {
        ShardPlan plan = new(kind, groups, ranks, threads);
        if (plan.Undivided.Fields.Any(field => field.Owner is null))
        {
            throw new ArgumentException(
                $"The method {kind.Name} sees all parameters as one vector; its state cannot be divided between ranks.", nameof(kind));
        }

        if (plan.Undivided.Fields.Any(field => field.Spec.IsInGradient))
        {
            throw new ArgumentException(
                $"The method {kind.Name} keeps a part of its state in the gradients, which the ranks exchange whole; give its error a "
                    + "memory of its own.",
                nameof(kind));
        }

        return Enumerable.Range(0, ranks).All(rank => plan.Pieces.Any(piece => piece.Owner == rank))
            ? plan
            : throw new ArgumentException(
                $"The {plan._shapes.Length} parameters are too small to be divided between {ranks} ranks; each rank needs a piece of its "
                    + "own.",
                nameof(ranks));
    }

    /// <summary>A piece as a parameter: of the parameter's own shape where it is all of it, else a vector.</summary>
    /// <param name="piece">The piece.</param>
    public ShapedParameter Shape(ShardPiece piece) =>
        piece.Length == _shapes[piece.Parameter].Length ? _shapes[piece.Parameter] : new(_shapes[piece.Parameter].Name, [piece.Length]);

    /// <summary>What a rank holds.</summary>
    /// <param name="rank">The rank.</param>
    /// <param name="threads">How many threads a step may use.</param>
    public MemoryPlan OfRank(int rank, int threads)
    {
        List<ShapedGroup> own = [];
        int first = 0;
        foreach (ShapedGroup group in _groups)
        {
            int end = first + group.Parameters.Count;
            ShardPiece[] pieces = [.. Pieces.Where(piece => piece.Owner == rank && piece.Parameter >= first && piece.Parameter < end)];
            own.Add(new ShapedGroup([.. pieces.Select(Shape)], group.Options));
            first = end;
        }

        return _kind.Plan([.. own.Where(group => group.Parameters.Count > 0)], threads);
    }

    /// <summary>Gives each parameter, the most expensive first, to the rank that has least so far.</summary>
    /// <param name="costs">The cost of each parameter.</param>
    /// <param name="ranks">How many ranks.</param>
    /// <returns>The owner of each parameter.</returns>
    /// <exception cref="ArgumentException">There are fewer parameters than ranks.</exception>
    public static int[] Owners(IReadOnlyList<long> costs, int ranks)
    {
        if (costs.Count < ranks)
        {
            throw new ArgumentException(
                $"There are {costs.Count} parameters for {ranks} ranks; whole parameters are given to ranks, so each rank needs at least "
                    + "one.",
                nameof(ranks));
        }

        int[] owners = new int[costs.Count];
        (long Cost, int Count)[] load = new (long Cost, int Count)[ranks];
        foreach (int parameter in Enumerable.Range(0, costs.Count).OrderByDescending(i => costs[i]).ThenBy(i => i))
        {
            // The count decides between ranks of equal cost, so that parameters without cost are spread too.
            int least = Enumerable.Range(0, ranks).MinBy(rank => load[rank]);
            owners[parameter] = least;
            load[least] = (load[least].Cost + costs[parameter], load[least].Count + 1);
        }

        return owners;
    }

    /// <summary>Cuts the row of all parameters into stretches of equal cost, at blocks.</summary>
    /// <param name="lengths">Entries of each parameter.</param>
    /// <param name="costs">Bytes of state of each; where none has any, entries count.</param>
    /// <param name="cuts">Where each may be cut.</param>
    /// <param name="ranks">How many ranks.</param>
    internal static IReadOnlyList<ShardPiece> Cut(
        IReadOnlyList<int> lengths, IReadOnlyList<long> costs, IReadOnlyList<ShardCut> cuts, int ranks)
    {
        long[] weights = costs.Any(cost => cost > 0) ? [.. costs] : [.. lengths.Select(length => (long)length)];
        double share = (double)weights.Sum() / ranks;
        List<ShardPiece> pieces = [];
        double before = 0;
        int rank = 0;
        for (int p = 0; p < lengths.Count; p++)
        {
            int start = 0;
            while (rank < ranks - 1 && share * (rank + 1) <= before + weights[p])
            {
                double place = weights[p] == 0 ? 0 : lengths[p] * (((share * (rank + 1)) - before) / weights[p]);
                int end = cuts[p].Nearest(place, start, lengths[p]);
                if (end > start)
                {
                    pieces.Add(new ShardPiece(p, rank, start, end - start));
                }

                start = end;
                rank++;
            }

            if (start < lengths[p] || lengths[p] == 0)
            {
                pieces.Add(new ShardPiece(p, rank, start, lengths[p] - start));
            }

            before += weights[p];
        }

        return pieces;
    }
}
