using Residuum.Numerics;

namespace Residuum.Training.Data;

/// <summary>Which rows each step takes: a new random order every epoch, cut into batches, the incomplete last one used.</summary>
/// <remarks>
/// The rows of a step are a function of (seed, step) alone, so a resumed run needs only its step. The order of the present epoch is kept
/// and made anew when a step of another epoch is asked for; nothing is allocated. One trainer per instance.
/// </remarks>
public sealed class EpochBatches
{
    private readonly ulong _seed;
    private readonly int[] _order;
    private long _epoch = -1;

    /// <summary>Makes the order of batches of a data set.</summary>
    /// <param name="count">How many rows the data set has, at least 1.</param>
    /// <param name="batchSize">Rows of a batch, at least 1; more than <paramref name="count"/> means one batch an epoch.</param>
    /// <param name="seed">The run's seed.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is less than 1.</exception>
    public EpochBatches(int count, int batchSize, ulong seed)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(batchSize, 1);
        _seed = seed;
        _order = new int[count];
        BatchSize = Math.Min(batchSize, count);
        StepsPerEpoch = (int)(((long)count + BatchSize - 1) / BatchSize);
    }

    /// <summary>Rows of a full batch.</summary>
    public int BatchSize { get; }

    /// <summary>Steps of an epoch, the one with the incomplete batch included.</summary>
    public int StepsPerEpoch { get; }

    /// <summary>The rows of a step; valid until the next call.</summary>
    /// <param name="step">The step, from 0; step / <see cref="StepsPerEpoch"/> is the epoch.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="step"/> is negative.</exception>
    public ReadOnlySpan<int> Rows(long step)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(step);
        (long epoch, long position) = Math.DivRem(step, StepsPerEpoch);
        if (epoch != _epoch)
        {
            Shuffle(epoch);
        }

        int start = (int)position * BatchSize;
        return _order.AsSpan(start, Math.Min(BatchSize, _order.Length - start));
    }

    private void Shuffle(long epoch)
    {
        CounterRandom random = new(_seed, DataStreams.EpochOrder + (ulong)epoch);
        for (int i = 0; i < _order.Length; i++)
        {
            _order[i] = i;
        }

        for (int i = _order.Length - 1; i > 0; i--)
        {
            int j = random.Below((ulong)i, i + 1);
            (_order[i], _order[j]) = (_order[j], _order[i]);
        }

        _epoch = epoch;
    }
}
