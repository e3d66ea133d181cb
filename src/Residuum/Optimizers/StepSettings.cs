namespace Residuum.Optimizers;

/// <summary>How steps are carried out, whatever the method: threads, guard and clipping.</summary>
public sealed record StepSettings
{
    /// <summary>
    /// The largest number of threads a step uses, at least 1; default: the machine's processors. Results do not depend on it.
    /// </summary>
    public int Threads { get; init; } = Environment.ProcessorCount;

    /// <summary>What to do about gradients that are not finite; default <see cref="NonFinitePolicy.Throw"/>.</summary>
    public NonFinitePolicy NonFinite { get; init; } = NonFinitePolicy.Throw;

    /// <summary>For <see cref="NonFinitePolicy.SkipAtMost"/>: how many steps in a row may be skipped; default 10.</summary>
    public int MaxConsecutiveSkips { get; init; } = 10;

    /// <summary>
    /// Clip by global norm: gradients are scaled in place so that their Euclidean norm is at most this; null (default) does not clip.
    /// </summary>
    public double? ClipNorm { get; init; }

    /// <summary>
    /// Clip by value: gradient entries are limited in place to [-value, value], before the norm is taken; null (default) does not clip.
    /// </summary>
    public double? ClipValue { get; init; }

    /// <summary>Whether gradients are read before an update: for the guard, or to clip.</summary>
    internal bool GuardsOrClips => NonFinite != NonFinitePolicy.Off || ClipNorm is not null || ClipValue is not null;

    /// <summary>From the squares of all gradients to what clipping does.</summary>
    /// <param name="squares">
    /// Sums of squares of pieces, after clipping by value, in the order of the pieces: the same bits whoever summed them.
    /// </param>
    /// <param name="norm">The global norm.</param>
    /// <param name="scale">What gradients are multiplied by.</param>
    /// <returns>Whether anything is to be written.</returns>
    internal bool Clips(ReadOnlySpan<double> squares, out double norm, out float scale)
    {
        double sum = 0;
        foreach (double square in squares)
        {
            sum += square;
        }

        norm = Math.Sqrt(sum);
        scale = ClipNorm is { } limit && norm > limit ? (float)(limit / norm) : 1;
        return scale != 1 || ClipValue is not null;
    }

    internal void Validate()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(Threads, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxConsecutiveSkips, 0);
        if (ClipNorm is { } norm)
        {
            Require.Positive(norm, "clipNorm");
        }

        if (ClipValue is { } value)
        {
            Require.Positive(value, "clipValue");
        }
    }
}
