using System.Globalization;
using System.Runtime.ExceptionServices;

namespace Residuum.Distributed.Collectives;

/// <summary>Ranks as threads of one process: for tests, golden cases and machines without MPI. Sums are taken in rank order.</summary>
public sealed class InProcessGroup
{
    private readonly Lock _gate = new();
    private readonly object _signal = new();
    private readonly TimeSpan _timeout;
    private readonly byte[][] _parts;
    private readonly bool[] _arrived;
    private byte[] _result = [];
    private long _generation;
    private int _waiting;
    private string? _failure;
    private int? _ended;

    private InProcessGroup(int ranks, TimeSpan timeout)
    {
        _timeout = timeout;
        _parts = [.. Enumerable.Repeat(Array.Empty<byte>(), ranks)];
        _arrived = new bool[ranks];
    }

    /// <summary>The default time after which a collective call gives up waiting for other ranks: 60 s.</summary>
    public static TimeSpan DefaultTimeout { get; } = TimeSpan.FromSeconds(60);

    /// <summary>A group of one, of the calling thread.</summary>
    public static ICollectives Alone() => new InProcessRank(new InProcessGroup(1, DefaultTimeout), 0);

    /// <summary>Runs a body once per rank, each on a thread of its own, and waits for all.</summary>
    /// <param name="ranks">How many, at least 1.</param>
    /// <param name="body">What each rank does.</param>
    /// <param name="timeout">How long a collective call waits for other ranks; null for <see cref="DefaultTimeout"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="ranks"/> is less than 1.</exception>
    /// <exception cref="RankFailedException">A rank did not arrive in time.</exception>
    /// <remarks>If a body throws, the other ranks are ended and its exception is thrown here.</remarks>
    public static void Run(int ranks, Action<ICollectives> body, TimeSpan? timeout = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(ranks, 1);
        ArgumentNullException.ThrowIfNull(body);
        InProcessGroup group = new(ranks, timeout ?? DefaultTimeout);
        ExceptionDispatchInfo?[] failures = new ExceptionDispatchInfo?[ranks];
        Thread[] threads = new Thread[ranks];
        for (int rank = 0; rank < ranks; rank++)
        {
            int mine = rank;
            threads[rank] = new Thread(() =>
            {
                using InProcessRank collectives = new(group, mine);
                try
                {
                    body(collectives);
                    group.Leave(mine);
                }
                catch (Exception exception)
                {
                    // Rethrown below; the other ranks must not wait for this one.
                    failures[mine] = ExceptionDispatchInfo.Capture(exception);
                    group.Fail($"Rank {mine} failed: {exception.Message}");
                }
            })
            {
                Name = $"rank {mine}",
                IsBackground = true,
            };
            threads[rank].Start();
        }

        foreach (Thread thread in threads)
        {
            thread.Join();
        }

        // The rank that failed first, not those that were ended because of it.
        ExceptionDispatchInfo? first = Array.Find(
            failures, failure => failure is not null && failure.SourceException is not RankFailedException)
            ?? Array.Find(failures, failure => failure is not null);
        first?.Throw();
    }

    internal int Ranks => _parts.Length;

    /// <summary>This rank's part, of at least <paramref name="bytes"/>; others read it between two meetings.</summary>
    internal Span<byte> Part(int rank, int bytes)
    {
        if (_parts[rank].Length < bytes)
        {
            _parts[rank] = GC.AllocateUninitializedArray<byte>(bytes);
        }

        return _parts[rank].AsSpan(0, bytes);
    }

    /// <summary>What another rank put into its part.</summary>
    internal ReadOnlySpan<byte> PartOf(int rank, int bytes) => _parts[rank].AsSpan(0, bytes);

    /// <summary>Where ranks write a result together.</summary>
    internal Span<byte> Result(int bytes)
    {
        if (_result.Length < bytes)
        {
            lock (_gate)
            {
                if (_result.Length < bytes)
                {
                    _result = GC.AllocateUninitializedArray<byte>(bytes);
                }
            }
        }

        return _result.AsSpan(0, bytes);
    }

    /// <summary>Waits until all ranks are here.</summary>
    internal void Meet(int rank)
    {
        lock (_signal)
        {
            if (_ended is int ended)
            {
                Fail($"Rank {ended} has ended while others still exchange.");
            }

            ThrowIfFailed();
            long generation = _generation;
            _arrived[rank] = true;
            if (++_waiting == Ranks)
            {
                _waiting = 0;
                Array.Clear(_arrived);
                _generation++;
                Monitor.PulseAll(_signal);
                return;
            }

            while (generation == _generation && _failure is null)
            {
                if (!Monitor.Wait(_signal, _timeout) && generation == _generation)
                {
                    Fail($"Rank {Missing()} did not arrive within {_timeout.TotalSeconds.ToString(CultureInfo.InvariantCulture)} s.");
                }
            }

            if (generation == _generation)
            {
                ThrowIfFailed();
            }
        }
    }

    /// <summary>Ends all ranks at their next meeting.</summary>
    internal void Fail(string reason)
    {
        lock (_signal)
        {
            _failure ??= reason;
            Monitor.PulseAll(_signal);
        }
    }

    // A rank that has ended will not come to a meeting at which others wait, or to a later one.
    private void Leave(int rank)
    {
        lock (_signal)
        {
            _ended = rank;
            if (_waiting > 0)
            {
                Fail($"Rank {rank} has ended while others still exchange.");
            }
        }
    }

    private void ThrowIfFailed()
    {
        if (_failure is not null)
        {
            throw new RankFailedException(_failure);
        }
    }

    private string Missing() =>
        string.Join(
            ", ", Enumerable.Range(0, Ranks).Where(rank => !_arrived[rank]).Select(rank => rank.ToString(CultureInfo.InvariantCulture)));
}
