using Residuum.Distributed.Collectives;

namespace Residuum.Distributed.Tests.Collectives;

public sealed class InProcessGroupTests
{
    // More than two of the pieces in which long arrays travel, and not a multiple of them.
    private const int Long = (5 << 19) + 7;

    [Theory]
    [InlineData(1, 5)]
    [InlineData(2, 0)]
    [InlineData(2, Long)]
    [InlineData(3, 1)]
    [InlineData(3, Long)]
    [InlineData(5, 4)]
    public void Sums_are_the_same_bits_on_every_rank_and_taken_in_rank_order(int ranks, int length)
    {
        float[] expected = Summand(0, length);
        for (int rank = 1; rank < ranks; rank++)
        {
            expected = [.. expected.Zip(Summand(rank, length), (sum, more) => sum + more)];
        }

        InProcessGroup.Run(ranks, collectives =>
        {
            float[] values = Summand(collectives.Rank, length);
            collectives.AllReduceSum(values);
            Assert.True(expected.AsSpan().SequenceEqual(values));
        });
    }

    // Parts that end within a piece, are empty, or hold several pieces.
    [Theory]
    [InlineData(7)]
    [InlineData(2, 0, 3)]
    [InlineData(Long, 11)]
    [InlineData(3, Long, 0, 1 << 20)]
    public void Divided_sums_are_the_parts_of_whole_ones(params int[] counts)
    {
        int length = counts.Sum();
        InProcessGroup.Run(counts.Length, collectives =>
        {
            float[] whole = Summand(collectives.Rank, length);
            collectives.AllReduceSum(whole);
            float[] part = new float[counts[collectives.Rank]];
            collectives.ReduceScatterSum(Summand(collectives.Rank, length), counts, part);
            int first = counts[..collectives.Rank].Sum();
            Assert.True(whole.AsSpan(first, part.Length).SequenceEqual(part));
        });
    }

    [Fact]
    public void Parts_are_gathered_and_bytes_sent_from_any_rank()
    {
        int[] counts = [1, 0, 4];
        InProcessGroup.Run(counts.Length, collectives =>
        {
            byte[] all = new byte[5];
            collectives.AllGather([.. Enumerable.Repeat((byte)(collectives.Rank + 1), counts[collectives.Rank])], counts, all);
            Assert.Equal([1, 3, 3, 3, 3], all);
            for (int root = 0; root < counts.Length; root++)
            {
                byte[] bytes = [(byte)(10 + collectives.Rank)];
                collectives.Broadcast(bytes, root);
                Assert.Equal(10 + root, bytes[0]);
            }
        });
    }

    [Fact]
    public void Lengths_that_do_not_fit_are_refused()
    {
        ICollectives alone = InProcessGroup.Alone();
        ArgumentException error = Assert.Throws<ArgumentException>(() => alone.ReduceScatterSum(new float[3], [2], new float[2]));
        Assert.Contains("Rank 0 of 1 has a part of 2 and 3 in all", error.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => alone.AllGather(new byte[3], [2], new byte[2]));
    }

    [Fact]
    public void The_exception_of_the_rank_that_failed_first_is_thrown_and_the_others_do_not_wait_for_it()
    {
        InvalidOperationException error = Assert.Throws<InvalidOperationException>(() => InProcessGroup.Run(3, collectives =>
        {
            if (collectives.Rank == 1)
            {
                throw new InvalidOperationException("something broke");
            }

            collectives.Barrier();
        }));
        Assert.Equal("something broke", error.Message);
    }

    [Fact]
    public void A_rank_that_ends_early_ends_those_that_still_exchange()
    {
        RankFailedException error = Assert.Throws<RankFailedException>(() => InProcessGroup.Run(2, collectives =>
        {
            if (collectives.Rank == 1)
            {
                collectives.Barrier();
            }
        }));
        Assert.Contains("Rank 0 has ended while others still exchange", error.Message, StringComparison.Ordinal);
    }

    // Rank 0 waits for the others to give up, so it is late however slow the machine.
    [Fact]
    public void A_rank_that_does_not_come_is_named()
    {
        using CountdownEvent gaveUp = new(2);
        RankFailedException error = Assert.Throws<RankFailedException>(() => InProcessGroup.Run(
            3,
            collectives =>
            {
                if (collectives.Rank == 0)
                {
                    gaveUp.Wait();
                    return;
                }

                try
                {
                    collectives.Barrier();
                }
                finally
                {
                    gaveUp.Signal();
                }
            },
            TimeSpan.FromMilliseconds(1)));
        Assert.StartsWith("Rank 0", error.Message, StringComparison.Ordinal);
        Assert.Contains("did not arrive within 0.001 s", error.Message, StringComparison.Ordinal);
    }

    // Numbers whose sum depends on the order.
    private static float[] Summand(int rank, int length) => [.. Enumerable.Range(0, length).Select(i => 1f / ((i % 1009) + (3 * rank) + 1))];
}
