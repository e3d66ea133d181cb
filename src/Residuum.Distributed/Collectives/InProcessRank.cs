using System.Runtime.InteropServices;

namespace Residuum.Distributed.Collectives;

/// <summary>
/// One thread's end of an <see cref="InProcessGroup"/>: parts are copied to where all threads see them, and met for in between.
/// </summary>
internal sealed class InProcessRank(InProcessGroup group, int rank) : ICollectives
{
    // 4 MB a rank: sums are taken in cache, and however long an array is, its copies are not.
    private const int Piece = 1 << 20;

    public int Rank => rank;

    public int Size => group.Ranks;

    public void AllReduceSum(Span<float> values)
    {
        if (Size == 1)
        {
            return;
        }

        int length;
        for (int start = 0; start < values.Length; start += length)
        {
            length = Math.Min(Piece, values.Length - start);
            SumPiece(values.Slice(start, length));
        }
    }

    public void ReduceScatterSum(Span<float> values, ReadOnlySpan<int> counts, Span<float> part)
    {
        PartLengths.Require(counts, Size, rank, part.Length, values.Length);
        int mine = PartLengths.Before(counts, rank);
        int length;
        for (int start = 0; start < values.Length; start += length)
        {
            length = Math.Min(Piece, values.Length - start);
            Lay(values.Slice(start, length));

            // What of this piece is this rank's, if anything.
            int first = Math.Max(mine, start);
            int end = Math.Min(mine + part.Length, start + length);
            if (first < end)
            {
                SumParts(length, first - start, part[(first - mine)..(end - mine)]);
            }

            group.Meet(rank);
        }
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

    // Each rank sums its share of the entries for all.
    private void SumPiece(Span<float> values)
    {
        Lay(values);
        int first = (int)((long)values.Length * rank / Size);
        int end = (int)((long)values.Length * (rank + 1) / Size);
        Span<float> result = MemoryMarshal.Cast<byte, float>(group.Result(sizeof(float) * values.Length));
        SumParts(values.Length, first, result[first..end]);
        group.Meet(rank);
        result.CopyTo(values);
        group.Meet(rank);
    }

    // Puts a piece where all ranks see it, and waits for theirs.
    private void Lay(ReadOnlySpan<float> values)
    {
        ReadOnlySpan<byte> bytes = MemoryMarshal.AsBytes(values);
        bytes.CopyTo(group.Part(rank, bytes.Length));
        group.Meet(rank);
    }

    // In rank order, so that the sum has the same bits whoever takes it.
    private void SumParts(int length, int first, Span<float> sums)
    {
        PieceOf(0, length).Slice(first, sums.Length).CopyTo(sums);
        for (int other = 1; other < Size; other++)
        {
            RankOrderSum.Add(PieceOf(other, length).Slice(first, sums.Length), sums);
        }
    }

    private ReadOnlySpan<float> PieceOf(int other, int length) =>
        MemoryMarshal.Cast<byte, float>(group.PartOf(other, sizeof(float) * length));
}
