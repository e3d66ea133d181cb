using System.Diagnostics;
using Residuum.Optimizers;

namespace Residuum.Distributed.Exchange;

/// <summary>Gradients that travel while a backward pass makes them, since no rank has memory for all of them.</summary>
internal interface IDividedGradients : IGradientHolder
{
    /// <summary>The bytes that this rank has handed to the network.</summary>
    long SentBytes { get; }

    /// <summary>The time spent in calls, in ticks of <see cref="Stopwatch"/>.</summary>
    long NetworkTicks { get; }

    /// <summary>Makes means of the sums, and tells which parameters have a gradient on this rank.</summary>
    /// <returns>The first entry on this rank that was not finite, of the first such parameter; null if there is none.</returns>
    /// <exception cref="InvalidOperationException">No pass was ended.</exception>
    BadEntry? Finish();
}
