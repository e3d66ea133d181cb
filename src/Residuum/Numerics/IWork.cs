namespace Residuum.Numerics;

/// <summary>Work that falls into independent chunks, for <see cref="WorkSharing"/>.</summary>
public interface IWork
{
    /// <summary>Does one chunk.</summary>
    /// <param name="chunk">Which chunk, from 0.</param>
    /// <param name="worker">
    /// Which worker does it, from 0: no two threads have the same number at the same time, so it may index scratch memory.
    /// </param>
    void Run(int chunk, int worker);
}
