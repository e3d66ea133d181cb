using Residuum.Numerics;

namespace Residuum.Training.Data;

/// <summary>Batches of windows at random places of a text, for training.</summary>
/// <remarks>The place of a row is a function of (seed, step, row) alone, so a resumed run needs only its step. Nothing is
/// allocated.</remarks>
public sealed class RandomWindows
{
    private readonly TokenStream _stream;
    private readonly CounterRandom _random;

    /// <summary>Makes the batches of a text.</summary>
    /// <param name="stream">The text.</param>
    /// <param name="length">Tokens of a window, at least 1 and less than the text has.</param>
    /// <param name="batchSize">Windows of a batch, at least 1.</param>
    /// <param name="seed">The run's seed.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of range.</exception>
    public RandomWindows(TokenStream stream, int length, int batchSize, ulong seed)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentOutOfRangeException.ThrowIfLessThan(length, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(batchSize, 1);
        if (length >= stream.Count)
        {
            throw new ArgumentOutOfRangeException(
                nameof(length), length, $"A window must be shorter than the text, which has {stream.Count} tokens.");
        }

        if ((long)length * batchSize > Array.MaxLength)
        {
            throw new ArgumentOutOfRangeException(
                nameof(batchSize), batchSize, $"A batch of {batchSize} windows of {length} tokens is more than an array holds.");
        }

        _stream = stream;
        _random = new CounterRandom(seed, DataStreams.Windows);
        Length = length;
        BatchSize = batchSize;
    }

    /// <summary>Tokens of a window.</summary>
    public int Length { get; }

    /// <summary>Windows of a batch.</summary>
    public int BatchSize { get; }

    /// <summary>Copies the batch of a step.</summary>
    /// <param name="step">The step, from 0.</param>
    /// <param name="inputs">BatchSize x Length tokens, window by window.</param>
    /// <param name="targets">The token that follows each of them.</param>
    /// <exception cref="ArgumentOutOfRangeException">A target is too short, or the step is negative.</exception>
    public void Copy(long step, Span<int> inputs, Span<int> targets)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(step);
        for (int row = 0; row < BatchSize; row++)
        {
            // A window at the last place has the text's last token as its last target.
            int start = _random.Below((ulong)((step * BatchSize) + row), _stream.Count - Length);
            _stream.CopyWindow(start, inputs.Slice(row * Length, Length), targets.Slice(row * Length, Length));
        }
    }
}
