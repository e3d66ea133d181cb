using Residuum.ErrorMemory;

namespace Residuum.Distributed.Exchange;

/// <summary>What the error memories of one exchange share: hash tables, and scratch of the largest matrix.</summary>
/// <param name="largest">The entries of the largest compressed matrix.</param>
internal sealed class MemoryParts(int largest)
{
    private float[]? _error;

    /// <summary>The hash tables.</summary>
    public SketchHashes Hashes { get; } = new();

    /// <summary>The bytes of both.</summary>
    public long Bytes => Hashes.Bytes + (sizeof(float) * (long)(_error?.Length ?? 0));

    /// <summary>A memory that gives back 1 - beta of its error at a time, or the memory itself where beta is 0.</summary>
    public ErrorMemory.ErrorMemory Damped(ErrorMemory.ErrorMemory memory, double beta) =>
        beta == 0 ? memory : new DampedErrorMemory(memory, beta, _error ??= new float[largest]);
}
