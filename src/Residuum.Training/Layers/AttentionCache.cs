using Residuum.Training.Differentiation;

namespace Residuum.Training.Layers;

/// <summary>
/// The keys and values of the positions that an attention layer has seen, so that text is continued without computing them again.
/// </summary>
internal sealed class AttentionCache(int positions, int width)
{
    private readonly float[] _keys = new float[positions * width];
    private readonly float[] _values = new float[positions * width];

    /// <summary>The number of positions held.</summary>
    public int Length { get; private set; }

    /// <summary>Adds positions and returns the keys and values of all, of shape [1, positions, width].</summary>
    public (Tensor Keys, Tensor Values) Append(Tape tape, Tensor key, Tensor value)
    {
        key.Values.CopyTo(_keys.AsSpan(Length * width));
        value.Values.CopyTo(_values.AsSpan(Length * width));
        Length += key.Rows;
        return (
            tape.Input(_keys.AsSpan(0, Length * width), 1, Length, width), tape.Input(_values.AsSpan(0, Length * width), 1, Length, width));
    }

    public void Clear() => Length = 0;
}
