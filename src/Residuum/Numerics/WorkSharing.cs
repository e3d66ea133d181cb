using System.Runtime.ExceptionServices;

namespace Residuum.Numerics;

/// <summary>Shares the chunks of a loop between the caller and threads of the pool.</summary>
/// <remarks>
/// The caller claims chunks by an interlocked counter, and pool threads join if they arrive in time: nothing is allocated, and the caller
/// never waits for a thread that has not started. Which thread does which chunk differs from run to run, so results must not depend on it.
/// One <see cref="Run"/> at a time per instance.
/// </remarks>
public sealed class WorkSharing
{
    private readonly Helper[] _helpers;
    private IWork? _work;
    private int _chunks;
    private int _next;
    private int _active;
    private ExceptionDispatchInfo? _failure;

    /// <summary>Makes a sharer of at most <paramref name="threads"/> threads, the caller included.</summary>
    /// <param name="threads">At least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="threads"/> is less than 1.</exception>
    public WorkSharing(int threads)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(threads, 1);
        Threads = threads;
        _helpers = new Helper[threads - 1];
        for (int i = 0; i < _helpers.Length; i++)
        {
            _helpers[i] = new Helper(this, worker: i + 1);
        }
    }

    /// <summary>A sharer of one thread: the caller does everything.</summary>
    /// <remarks>It has no helpers and keeps nothing between calls, so any number of threads may use it at once.</remarks>
    public static WorkSharing Alone { get; } = new(1);

    /// <summary>The largest number of threads that take part, the caller included.</summary>
    public int Threads { get; }

    /// <summary>Runs all chunks and returns when they are done.</summary>
    /// <param name="work">The work.</param>
    /// <param name="chunks">How many chunks it has.</param>
    public void Run(IWork work, int chunks)
    {
        ArgumentNullException.ThrowIfNull(work);
        if (_helpers.Length == 0 || chunks <= 1)
        {
            for (int chunk = 0; chunk < chunks; chunk++)
            {
                work.Run(chunk, worker: 0);
            }

            return;
        }

        _work = work;
        _chunks = chunks;
        _failure = null;
        Volatile.Write(ref _next, 0);

        int wanted = Math.Min(_helpers.Length, chunks - 1);
        for (int i = 0; i < wanted; i++)
        {
            _helpers[i].Invite();
        }

        Claim(worker: 0);
        for (int i = 0; i < wanted; i++)
        {
            _helpers[i].Withdraw();
        }

        // Helpers that have started finish the chunk they hold; those that have not were withdrawn above.
        SpinWait spin = default;
        while (Volatile.Read(ref _active) != 0)
        {
            spin.SpinOnce(sleep1Threshold: -1);
        }

        _work = null;
        _failure?.Throw();
    }

    private void Claim(int worker)
    {
        IWork work = _work!;
        try
        {
            int chunk;
            while ((chunk = Interlocked.Increment(ref _next) - 1) < _chunks)
            {
                work.Run(chunk, worker);
            }
        }
        catch (Exception exception)
        {
            // Rethrown to the caller by Run; the other threads stop at their next claim.
            Interlocked.CompareExchange(ref _failure, ExceptionDispatchInfo.Capture(exception), null);
            Volatile.Write(ref _next, _chunks);
        }
    }

    /// <summary>A reusable item of the thread pool's queue: invited, it may come, and comes too late when it was withdrawn first.</summary>
    private sealed class Helper(WorkSharing owner, int worker) : IThreadPoolWorkItem
    {
        private const int Idle = 0;
        private const int Invited = 1;
        private const int Running = 2;

        private int _state;
        private int _queued;

        public void Invite()
        {
            Volatile.Write(ref _state, Invited);
            // An item that is still queued from an earlier call serves this one: one entry in the queue at a time.
            if (Interlocked.Exchange(ref _queued, 1) == 0)
            {
                ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
            }
        }

        public void Withdraw() => Interlocked.CompareExchange(ref _state, Idle, Invited);

        public void Execute()
        {
            Interlocked.Exchange(ref _queued, 0);
            Interlocked.Increment(ref owner._active);
            if (Interlocked.CompareExchange(ref _state, Running, Invited) == Invited)
            {
                owner.Claim(worker);
                Interlocked.CompareExchange(ref _state, Idle, Running);
            }

            Interlocked.Decrement(ref owner._active);
        }
    }
}
