namespace Residuum.Distributed.Collectives;

/// <summary>
/// The collective operations of a group of ranks. All ranks call the same operations in the same order with the same lengths.
/// </summary>
/// <remarks>One call at a time per rank. After an exception the group is of no further use.</remarks>
public interface ICollectives : IDisposable
{
    /// <summary>This process among the ranks, from 0.</summary>
    int Rank { get; }

    /// <summary>How many ranks there are, at least 1.</summary>
    int Size { get; }

    /// <summary>Replaces the values by their sum over all ranks; the same bits on every rank.</summary>
    /// <param name="values">This rank's summands, then the sums.</param>
    void AllReduceSum(Span<float> values);

    /// <summary>Sums over all ranks, and gives each rank its part of the result.</summary>
    /// <param name="values">This rank's summands: the parts of all ranks one after the other. Their content is lost.</param>
    /// <param name="counts">The length of each rank's part.</param>
    /// <param name="part">This rank's part of the sums.</param>
    void ReduceScatterSum(Span<float> values, ReadOnlySpan<int> counts, Span<float> part);

    /// <summary>Gives every rank the parts of all.</summary>
    /// <param name="part">This rank's part.</param>
    /// <param name="counts">The length of each rank's part, in bytes.</param>
    /// <param name="all">The parts in rank order.</param>
    void AllGather(ReadOnlySpan<byte> part, ReadOnlySpan<int> counts, Span<byte> all);

    /// <summary>Gives every rank the bytes of one.</summary>
    /// <param name="bytes">On the root what to send, elsewhere where it goes.</param>
    /// <param name="root">The sender.</param>
    void Broadcast(Span<byte> bytes, int root);

    /// <summary>Waits until all ranks are here.</summary>
    void Barrier();

    /// <summary>Ends all ranks, because this one cannot go on.</summary>
    /// <param name="reason">What happened, for the other ranks' messages.</param>
    void Abort(string reason);
}
