using Residuum.State;

namespace Residuum.Compression;

/// <summary>
/// What one worker sends of one parameter's gradient, and what all workers make of the messages (methods page of ConEF, section 3).
/// </summary>
/// <remarks>
/// A step: <see cref="Begin"/>, then the messages travel (see <see cref="SummedCompressor"/> and <see cref="GatheredCompressor"/>), then
/// the worker takes what it sent from its corrected gradient, and the mean of all messages, decompressed, becomes the gradient.
/// </remarks>
internal abstract class MessageCompressor
{
    /// <summary>The bytes of working memory, holding nothing between steps.</summary>
    public abstract long ScratchBytes { get; }

    /// <summary>The bytes of one worker's message.</summary>
    public abstract long MessageBytes { get; }

    /// <summary>What changes from step to step; the same on all workers.</summary>
    /// <param name="owner">The parameter's name.</param>
    public virtual IEnumerable<StateField> State(string owner) => [];

    /// <summary>Fixes the draws of a step.</summary>
    /// <param name="step">The step, from 0.</param>
    public virtual void Begin(long step)
    {
    }
}
