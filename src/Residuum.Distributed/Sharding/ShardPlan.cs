namespace Residuum.Distributed.Sharding;

/// <summary>Which rank owns which parameter: whole parameters, balanced by what they cost.</summary>
internal static class ShardPlan
{
    /// <summary>Gives each parameter, the most expensive first, to the rank that has least so far.</summary>
    /// <param name="costs">The cost of each parameter.</param>
    /// <param name="ranks">How many ranks.</param>
    /// <returns>The owner of each parameter; the same on all ranks, since it follows from shapes and options alone.</returns>
    /// <exception cref="ArgumentException">There are fewer parameters than ranks.</exception>
    public static int[] Owners(IReadOnlyList<long> costs, int ranks)
    {
        if (costs.Count < ranks)
        {
            throw new ArgumentException(
                $"There are {costs.Count} parameters for {ranks} ranks; whole parameters are given to ranks, so each rank needs at least one.",
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
}
