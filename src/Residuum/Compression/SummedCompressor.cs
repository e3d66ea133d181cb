namespace Residuum.Compression;

/// <summary>A compressor whose messages can be added: they travel by all-reduce, in one round or two.</summary>
internal abstract class SummedCompressor : MessageCompressor
{
    /// <summary>The number of rounds: the second message may depend on the sum of the first.</summary>
    public virtual int Rounds => 1;

    public override long MessageBytes
    {
        get
        {
            long floats = 0;
            for (int round = 0; round < Rounds; round++)
            {
                floats += Floats(round);
            }

            return floats * sizeof(float);
        }
    }

    /// <summary>The length of a round's message.</summary>
    public abstract int Floats(int round);

    /// <summary>Writes a worker's message.</summary>
    /// <param name="round">The round, from 0.</param>
    /// <param name="corrected">p, the gradient with the error.</param>
    /// <param name="message">As many floats as the round's message has.</param>
    public abstract void Encode(int round, ReadOnlySpan<float> corrected, Span<float> message);

    /// <summary>
    /// Takes the sum of all workers' messages of a round that is not the last, or remembers of the last what <see cref="Remove"/> needs.
    /// </summary>
    /// <param name="round">The round, from 0.</param>
    /// <param name="sum">The sum.</param>
    /// <param name="workers">How many workers were summed.</param>
    public virtual void Receive(int round, ReadOnlySpan<float> sum, int workers)
    {
    }

    /// <summary><c>p = p - s</c>: takes what counts as sent from the corrected gradient.</summary>
    /// <param name="corrected">p, then the rest r.</param>
    public abstract void Remove(Span<float> corrected);

    /// <summary>Writes d, the mean of all workers' messages, decompressed.</summary>
    /// <param name="sum">The sum of the last round.</param>
    /// <param name="workers">How many workers were summed.</param>
    /// <param name="mean">As many entries as the parameter has; may hold anything.</param>
    public abstract void Decode(ReadOnlySpan<float> sum, int workers, Span<float> mean);
}
