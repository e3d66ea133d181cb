using System.Globalization;

namespace Residuum.Preconditioning;

/// <summary>Which entries of a tensor share a second moment (methods page of the baselines, section 7).</summary>
/// <remarks>Default: <see cref="Heuristic"/>.</remarks>
public readonly record struct SubsetSize
{
    private readonly int _size;
    private readonly bool _isPerEntry;

    private SubsetSize(int size, bool isPerEntry)
    {
        _size = size;
        _isPerEntry = isPerEntry;
    }

    /// <summary>
    /// Of a matrix a row where there are at least as many rows as columns, else a column: as many numbers as the longer side. Of other
    /// tensors each entry.
    /// </summary>
    public static SubsetSize Heuristic => default;

    /// <summary>Each entry has its own.</summary>
    public static SubsetSize PerEntry => new(0, isPerEntry: true);

    /// <summary>
    /// Consecutive entries of the flattened tensor: for a positive number the largest divisor of the length d that is at most
    /// <paramref name="size"/>, for a negative one -q that of at most floor(sqrt(d) / q).
    /// </summary>
    /// <param name="size">Not 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">The size is 0.</exception>
    public static SubsetSize Of(int size) => size != 0
        ? new(size, isPerEntry: false)
        : throw new ArgumentOutOfRangeException(
            "subsetSize", size, "The option subsetSize is 0; it must be heuristic, null, or a whole number other than 0.");

    /// <summary>Reads <c>heuristic</c>, <c>null</c> (each entry) or a whole number; null if the text is none of them.</summary>
    /// <param name="text">The text.</param>
    public static SubsetSize? Parse(string text) => text switch
    {
        "heuristic" => Heuristic,
        "null" => PerEntry,
        _ => int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int size) && size != 0 ? Of(size) : null,
    };

    /// <inheritdoc/>
    public override string ToString() => _isPerEntry ? "null" : _size == 0 ? "heuristic" : _size.ToString(CultureInfo.InvariantCulture);

    /// <summary>
    /// Which entries of a tensor share a moment, in words: <c>a row</c>, <c>a column</c>, <c>an entry</c>, <c>8 entries</c>.
    /// </summary>
    /// <param name="shape">The tensor's shape.</param>
    /// <exception cref="ArgumentException">The tensor is too small.</exception>
    internal string Describe(ReadOnlySpan<int> shape) => GroupOf(shape) switch
    {
        0 => "a column",
        1 => "an entry",
        _ when _size == 0 => "a row",
        int group => string.Create(CultureInfo.InvariantCulture, $"for {group} entries"),
    };

    /// <summary>The consecutive entries that share a moment in a tensor; 0 where those of a column do.</summary>
    /// <param name="shape">The tensor's shape.</param>
    /// <exception cref="ArgumentException">The tensor is too small.</exception>
    internal int GroupOf(ReadOnlySpan<int> shape)
    {
        int length = TensorShape.ElementCount(shape, "tensor");
        if (_isPerEntry || length == 0)
        {
            return 1;
        }

        if (_size == 0)
        {
            return shape.Length != 2 ? 1 : shape[0] >= shape[1] ? shape[1] : 0;
        }

        int most = _size > 0 ? _size : (int)Math.Floor(Math.Sqrt(length) / -(double)_size);
        if (most < 1 || most > length)
        {
            throw new ArgumentException(
                $"The option subsetSize is {_size}, which means groups of {most} in a tensor of shape {TensorShape.Format(shape)}; "
                    + $"they must have from 1 to {length} entries.",
                "subsetSize");
        }

        while (length % most != 0)
        {
            most--;
        }

        return most;
    }
}
