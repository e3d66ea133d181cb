namespace Residuum.Numerics;

/// <summary>
/// The draws that all ranks of an exchange share (methods page of ConEF, section 4): functions of (seed, step, parameter, counter).
/// </summary>
/// <remarks>
/// Fixed bit for bit, so that any implementation draws the same. Nothing is remembered, so ranks cannot drift apart and a checkpoint holds
/// none of it. Elsewhere the library draws from <see cref="CounterRandom"/>.
/// </remarks>
internal static class SharedDraws
{
    private const ulong Increment = 0x9E3779B97F4A7C15;

    /// <summary>64 random bits.</summary>
    /// <param name="seed">The exchange's seed.</param>
    /// <param name="step">The step, from 0.</param>
    /// <param name="parameter">The parameter's position in the list, from 0.</param>
    /// <param name="counter">Which draw of that step and parameter.</param>
    public static ulong Draw(ulong seed, ulong step, ulong parameter, ulong counter) => Of(Series(seed, step, parameter), counter);

    /// <summary>What all draws of a step and parameter have in common, for those who take many.</summary>
    /// <param name="seed">The exchange's seed.</param>
    /// <param name="step">The step, from 0.</param>
    /// <param name="parameter">The parameter's position in the list, from 0.</param>
    public static ulong Series(ulong seed, ulong step, ulong parameter) =>
        Mix((Mix((Mix(seed + Increment) ^ step) + Increment) ^ parameter) + Increment);

    /// <summary>64 random bits of a series.</summary>
    /// <param name="series">What <see cref="Series"/> has given.</param>
    /// <param name="counter">Which draw.</param>
    public static ulong Of(ulong series, ulong counter) => Mix((series ^ counter) + Increment);

    /// <summary>A draw as a whole number from 0 to <paramref name="bound"/> - 1: the high half of their product.</summary>
    public static int Below(ulong draw, int bound) => (int)Math.BigMul(draw, (ulong)bound, out _);

    /// <summary>A draw as a number in (0, 1).</summary>
    public static double Unit(ulong draw) => ((draw >> 11) + 0.5) * (1.0 / (1UL << 53));

    /// <summary>A standard normal number, of the draws 2j and 2j + 1 of a series.</summary>
    public static double Normal(ulong series, ulong j)
    {
        double u1 = Unit(Of(series, 2 * j));
        double u2 = Unit(Of(series, (2 * j) + 1));
        return Math.Sqrt(-2 * Math.Log(u1)) * Math.Cos(2 * Math.PI * u2);
    }

    internal static ulong Mix(ulong z)
    {
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
}
