using System.Runtime.InteropServices;

namespace Residuum.Distributed.Collectives;

/// <summary>
/// One thread's end of an <see cref="InProcessGroup"/>: parts are copied to where all threads see them, and met for in between.
/// </summary>
internal sealed class InProcessRank(InProcessGroup group, int rank) : ICollectives
{
    public int Rank => rank;

    public int Size => group.Ranks;

    public void AllReduceSum(Span<float> values)
    {
        if (Size == 1)
        {
            return;
        }

        Span<byte> bytes = MemoryMarshal.AsBytes(values);
        bytes.CopyTo(group.Part(rank, bytes.Length));
        group.Meet(rank);

        // Each rank sums its share of the entries for all.
        int first = (int)((long)values.Length * rank / Size);
        int end = (int)((long)values.Length * (rank + 1) / Size);
        Span<float> result = MemoryMarshal.Cast<byte, float>(group.Result(bytes.Length));
        SumParts(bytes.Length, first, result[first..end]);
        group.Meet(rank);
        result.CopyTo(values);
        group.Meet(rank);
    }

    public void ReduceScatterSum(Span<float> values, ReadOnlySpan<int> counts, Span<float> part)
    {
        PartLengths.Require(counts, Size, rank, part.Length, values.Length);
        Span<byte> bytes = MemoryMarshal.AsBytes(values);
        bytes.CopyTo(group.Part(rank, bytes.Length));
        group.Meet(rank);
        SumParts(bytes.Length, PartLengths.Before(counts, rank), part);
        group.Meet(rank);
    }

    public void AllGather(ReadOnlySpan<byte> part, ReadOnlySpan<int> counts, Span<byte> all)
    {
        PartLengths.Require(counts, Size, rank, part.Length, all.Length);
        part.CopyTo(group.Part(rank, part.Length));
        group.Meet(rank);
        int start = 0;
        for (int other = 0; other < Size; other++)
        {
            group.PartOf(other, counts[other]).CopyTo(all[start..]);
            start += counts[other];
        }

        group.Meet(rank);
    }

    public void Broadcast(Span<byte> bytes, int root)
    {
        if (rank == root)
        {
            bytes.CopyTo(group.Part(rank, bytes.Length));
        }

        group.Meet(rank);
        if (rank != root)
        {
            group.PartOf(root, bytes.Length).CopyTo(bytes);
        }

        group.Meet(rank);
    }

    public void Barrier() => group.Meet(rank);

    public void Abort(string reason) => group.Fail($"Rank {rank} failed: {reason}");

    public void Dispose()
    {
    }

    // In rank order, so that the sum has the same bits whoever takes it.
    private void SumParts(int bytes, int first, Span<float> sums)
    {
        MemoryMarshal.Cast<byte, float>(group.PartOf(0, bytes)).Slice(first, sums.Length).CopyTo(sums);
        for (int other = 1; other < Size; other++)
        {
            RankOrderSum.Add(MemoryMarshal.Cast<byte, float>(group.PartOf(other, bytes)).Slice(first, sums.Length), sums);
        }
    }
}
