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
