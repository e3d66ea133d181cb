using Residuum.Training.Data;

namespace Residuum.Training.Tests.Data;

public sealed class EpochBatchesTests
{
    [Fact]
    public void An_epoch_of_the_vendored_images_has_79_steps_of_which_the_last_has_16_images()
    {
        EpochBatches batches = new(10_000, 128, seed: 0);
        Assert.Equal(79, batches.StepsPerEpoch);
        Assert.Equal(128, batches.Rows(77).Length);
        Assert.Equal(16, batches.Rows(78).Length);
    }

    [Theory]
    [InlineData(10, 3)]
    [InlineData(12, 3)]
    [InlineData(5, 8)]
    [InlineData(1, 1)]
    public void An_epoch_takes_every_row_once(int count, int batchSize)
    {
        EpochBatches batches = new(count, batchSize, seed: 7);
        for (int epoch = 0; epoch < 3; epoch++)
        {
            List<int> seen = [];
            for (int i = 0; i < batches.StepsPerEpoch; i++)
            {
                seen.AddRange(batches.Rows(((long)epoch * batches.StepsPerEpoch) + i));
            }

            Assert.Equal(Enumerable.Range(0, count), seen.Order());
        }
    }

    [Fact]
    public void Rows_depend_on_seed_and_step_alone()
    {
        EpochBatches straight = new(100, 8, seed: 3);
        List<int[]> expected = [];
        for (int step = 0; step < 40; step++)
        {
            expected.Add(straight.Rows(step).ToArray());
        }

        EpochBatches resumed = new(100, 8, seed: 3);
        for (int step = 39; step >= 0; step--)
        {
            Assert.Equal(expected[step], resumed.Rows(step).ToArray());
        }
    }

    [Fact]
    public void Epochs_and_seeds_have_different_orders()
    {
        EpochBatches batches = new(100, 100, seed: 3);
        int[] first = batches.Rows(0).ToArray();
        Assert.NotEqual(first, batches.Rows(1).ToArray());
        Assert.NotEqual(first, new EpochBatches(100, 100, seed: 4).Rows(0).ToArray());
    }

    [Fact]
    public void Nothing_is_allocated_by_a_step_or_a_new_epoch()
    {
        EpochBatches batches = new(1000, 10, seed: 1);
        batches.Rows(0);
        batches.Rows(100);
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int step = 0; step < 300; step++)
        {
            batches.Rows(step);
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }
}
