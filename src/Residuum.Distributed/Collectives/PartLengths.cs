namespace Residuum.Distributed.Collectives;

/// <summary>The lengths of the ranks' parts of an array.</summary>
internal static class PartLengths
{
    /// <summary>Where a rank's part starts.</summary>
    public static int Before(ReadOnlySpan<int> counts, int rank)
    {
        int sum = 0;
        foreach (int count in counts[..rank])
        {
            sum += count;
        }

        return sum;
    }

    /// <summary>Checks the lengths that a collective call was given.</summary>
    /// <exception cref="ArgumentException">They do not fit.</exception>
    public static void Require(ReadOnlySpan<int> counts, int ranks, int rank, int part, int all)
    {
        if (counts.Length != ranks || counts[rank] != part || Before(counts, ranks) != all)
        {
            throw new ArgumentException(
                $"Rank {rank} of {ranks} has a part of {part} and {all} in all, which its {counts.Length} counts do not say.",
                nameof(counts));
        }
    }
}
