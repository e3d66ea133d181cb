using System.Diagnostics;
using Residuum.Optimizers;

namespace Residuum.Distributed.Exchange;

/// <summary>Gradients that travel while a backward pass makes them, since no rank has memory for all of them.</summary>
internal interface IDividedGradients : IGradientHolder
{
    /// <summary>The parameters of each bucket; all ranks exchange the buckets in this order.</summary>
    IReadOnlyList<IReadOnlyList<int>> Batches { get; }

    /// <summary>The bytes that this rank has handed to the network by itself.</summary>
    long SentBytes { get; }

    /// <summary>The time spent in calls, in ticks of <see cref="Stopwatch"/>.</summary>
    long NetworkTicks { get; }

    /// <summary>Has buckets exchanged by others from now on, who take and leave them in the gradients of their parameters.</summary>
    /// <param name="exchange">
    /// Exchanges a bucket, which has no other pass to come; returns the first entry on any rank that is not finite, and has then done
    /// nothing; else null.
    /// </param>
    void ExchangeBy(Func<int, BadEntry?> exchange);

    /// <summary>Makes means of the sums, and tells which parameters have a gradient on this rank.</summary>
    /// <returns>The first entry on this rank that was not finite, of the first such parameter; null if there is none.</returns>
    /// <exception cref="InvalidOperationException">No pass was ended.</exception>
    BadEntry? Finish();
}
