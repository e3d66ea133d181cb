namespace Residuum.Compression;

/// <summary>
/// A compressor whose messages cannot be added: every worker receives all of them (all-gather), so traffic grows with the workers.
/// </summary>
internal abstract class GatheredCompressor : MessageCompressor
{
    /// <summary>Writes a worker's message.</summary>
    /// <param name="corrected">p, the gradient with the error.</param>
    /// <param name="message"><see cref="MessageCompressor.MessageBytes"/> bytes.</param>
    public abstract void Encode(ReadOnlySpan<float> corrected, Span<byte> message);

    /// <summary><c>p = p - Q(p)</c>: takes the worker's own message, decompressed, from the corrected gradient.</summary>
    /// <param name="corrected">p, then the rest r.</param>
    /// <param name="own">The worker's own message.</param>
    public abstract void Remove(Span<float> corrected, ReadOnlySpan<byte> own);

    /// <summary>Adds one worker's message, decompressed; called in rank order, so the sum is the same everywhere.</summary>
    /// <param name="message">The message.</param>
    /// <param name="sum">The sum so far.</param>
    public abstract void AddDecoded(ReadOnlySpan<byte> message, Span<float> sum);
}
