namespace Residuum.Training.Differentiation;

/// <summary>
/// The cosines and sines of rotary positions (Su et al., arXiv:2104.09864): position t turns pair i by <c>t base^(-2i / width)</c>.
/// </summary>
public sealed class RotaryTable
{
    private readonly float[] _cosines;
    private readonly float[] _sines;

    /// <summary>Computes the table.</summary>
    /// <param name="positions">The largest number of positions.</param>
    /// <param name="headWidth">The width of an attention head; even.</param>
    /// <param name="frequencyBase">The base of the frequencies; 10,000 in the paper.</param>
    /// <exception cref="ArgumentOutOfRangeException">The width is odd or a number is not positive.</exception>
    public RotaryTable(int positions, int headWidth, double frequencyBase = 10_000)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(positions, 1);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(frequencyBase);
        if (headWidth < 2 || headWidth % 2 != 0)
        {
            throw new ArgumentOutOfRangeException(
                nameof(headWidth), headWidth, $"The width of a head is {headWidth}; rotary positions need an even one.");
        }

        Positions = positions;
        Pairs = headWidth / 2;
        _cosines = new float[positions * Pairs];
        _sines = new float[positions * Pairs];
        for (int position = 0; position < positions; position++)
        {
            for (int pair = 0; pair < Pairs; pair++)
            {
                (double sine, double cosine) = Math.SinCos(position * Math.Pow(frequencyBase, -2.0 * pair / headWidth));
                _cosines[(position * Pairs) + pair] = (float)cosine;
                _sines[(position * Pairs) + pair] = (float)sine;
            }
        }
    }

    /// <summary>The number of positions.</summary>
    public int Positions { get; }

    /// <summary>Half the width of a head.</summary>
    public int Pairs { get; }

    internal ReadOnlySpan<float> Cosines(int position) => _cosines.AsSpan(position * Pairs, Pairs);

    internal ReadOnlySpan<float> Sines(int position) => _sines.AsSpan(position * Pairs, Pairs);
}
