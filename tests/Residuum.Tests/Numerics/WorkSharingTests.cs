using Residuum.Numerics;

namespace Residuum.Tests.Numerics;

public sealed class WorkSharingTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(8)]
    public void EveryChunkRunsOnceAndNoWorkerTwiceAtATime(int threads)
    {
        WorkSharing work = new(threads);
        foreach (int chunks in (int[])[0, 1, 2, 3, 7, 100, 1000])
        {
            CountingWork counting = new(chunks, threads);
            work.Run(counting, chunks);
            Assert.All(counting.Runs, count => Assert.Equal(1, count));
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void AnExceptionOfAChunkReachesTheCallerAndTheSharerStaysUsable(int threads)
    {
        WorkSharing work = new(threads);
        for (int failing = 0; failing < 50; failing++)
        {
            InvalidOperationException thrown = Assert.Throws<InvalidOperationException>(() => work.Run(new FailingWork(failing), 50));
            Assert.Equal($"chunk {failing}", thrown.Message);
            CountingWork counting = new(20, threads);
            work.Run(counting, 20);
            Assert.All(counting.Runs, count => Assert.Equal(1, count));
        }
    }

    [Fact]
    public void ManyInstancesRunAtOnce()
    {
        Thread[] callers = new Thread[8];
        int failures = 0;
        for (int i = 0; i < callers.Length; i++)
        {
            callers[i] = new Thread(() =>
            {
                WorkSharing work = new(3);
                for (int repeat = 0; repeat < 300; repeat++)
                {
                    CountingWork counting = new(13, 3);
                    work.Run(counting, 13);
                    if (Array.Exists(counting.Runs, count => count != 1))
                    {
                        Interlocked.Increment(ref failures);
                    }
                }
            });
            callers[i].Start();
        }

        foreach (Thread caller in callers)
        {
            caller.Join();
        }

        Assert.Equal(0, failures);
    }

    [Fact]
    public void ARunAllocatesNothing()
    {
        WorkSharing work = new(3);
        SpinningWork spinning = new();
        for (int i = 0; i < 10; i++)
        {
            work.Run(spinning, 64);
        }

        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 100; i++)
        {
            work.Run(spinning, 64);
        }

        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    [Fact]
    public void RefusesNoThreadsAndNoWork()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new WorkSharing(0));
        Assert.Throws<ArgumentNullException>(() => WorkSharing.Alone.Run(null!, 1));
    }

    private sealed class CountingWork(int chunks, int threads) : IWork
    {
        private readonly int[] _busy = new int[threads];

        public int[] Runs { get; } = new int[chunks];

        public void Run(int chunk, int worker)
        {
            Assert.Equal(1, Interlocked.Increment(ref _busy[worker]));
            Interlocked.Increment(ref Runs[chunk]);
            Thread.SpinWait(50);
            Interlocked.Decrement(ref _busy[worker]);
        }
    }

    private sealed class SpinningWork : IWork
    {
        public void Run(int chunk, int worker) => Thread.SpinWait(50);
    }

    private sealed class FailingWork(int failing) : IWork
    {
        public void Run(int chunk, int worker)
        {
            if (chunk == failing)
            {
                throw new InvalidOperationException($"chunk {chunk}");
            }
        }
    }
}
