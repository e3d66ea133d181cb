namespace Residuum.Distributed.Sharding;

/// <summary>
/// Parameters that travel in one call, their gradients or their values: where each lies in the bucket, so that the parts of the ranks
/// follow one another.
/// </summary>
/// <param name="Members">The parameters and where each starts.</param>
/// <param name="Counts">The entries of each rank's part.</param>
internal sealed record ShardBucket(IReadOnlyList<(int Parameter, int Start)> Members, int[] Counts)
{
    /// <summary>All entries.</summary>
    public int Length { get; } = Counts.Sum();
}
