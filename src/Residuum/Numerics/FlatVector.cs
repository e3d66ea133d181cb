namespace Residuum.Numerics;

/// <summary>A working vector over all parameters one after another: scratch, it holds nothing between steps.</summary>
/// <param name="length">The entries of all parameters together.</param>
internal sealed class FlatVector(int length)
{
    /// <summary>The largest number of entries: 2 GiB of them.</summary>
    public const int LongestLength = (1 << 29) - 64;

    private readonly Scratch _scratch = new(1, ScratchArea.BytesOf<float>(length));

    /// <summary>The number of entries.</summary>
    public int Length => length;

    /// <summary>The entries.</summary>
    public Span<float> Span => _scratch.Area(0).Take<float>(length);

    /// <summary>The bytes of a vector.</summary>
    public static long BytesOf(long length) => ((4 * length) + 63) / 64 * 64;
}
