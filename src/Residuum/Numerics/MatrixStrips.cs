namespace Residuum.Numerics;

/// <summary>One operand of a product, cut into strips as wide as a tile: strips of rows of A, strips of columns of B.</summary>
/// <remarks>
/// A strip is read where it lies if the operand says so and the strip is whole; otherwise from its packed copy, which holds the steps
/// <c>first</c> to <c>first + depth - 1</c> of the inner dimension.
/// </remarks>
/// <param name="origin">The operand's first element.</param>
/// <param name="laneStride">The distance between lanes (rows of A, columns of B).</param>
/// <param name="stepStride">The distance between steps of the inner dimension.</param>
/// <param name="lanes">The number of lanes.</param>
/// <param name="width">The lanes of a whole strip.</param>
/// <param name="inPlace">Whether whole strips are read where they lie.</param>
internal readonly unsafe struct MatrixStrips(float* origin, nint laneStride, nint stepStride, int lanes, int width, bool inPlace)
{
    /// <summary>The number of strips, the last one perhaps narrower.</summary>
    public int Count => (lanes + width - 1) / width;

    /// <summary>The first strip that is packed.</summary>
    public int FirstPacked => inPlace ? lanes / width : 0;

    /// <summary>How many elements the packed strips of <paramref name="depth"/> steps take.</summary>
    public nint PackedLength(nint depth) => (Count - FirstPacked) * width * depth;

    /// <summary>The lanes of a strip.</summary>
    public int Lanes(int strip) => Math.Min(width, lanes - strip * width);

    /// <summary>Writes the packed copy of one strip.</summary>
    public void Pack(int strip, nint first, nint depth, float* packed) => MatrixPacking.Pack(
        origin + (nint)strip * width * laneStride + first * stepStride,
        laneStride,
        stepStride,
        Lanes(strip),
        width,
        depth,
        packed + (strip - FirstPacked) * width * depth);

    /// <summary>Where a tile reads the strip from a step on.</summary>
    /// <param name="strip">The strip.</param>
    /// <param name="first">The first step that is packed.</param>
    /// <param name="depth">How many steps are packed.</param>
    /// <param name="start">The step to read from, counted from <paramref name="first"/>.</param>
    /// <param name="packed">The packed strips.</param>
    /// <param name="lane">The distance between lanes there.</param>
    /// <param name="step">The distance between steps there.</param>
    public float* Read(int strip, nint first, nint depth, nint start, float* packed, out nint lane, out nint step)
    {
        if (strip < FirstPacked)
        {
            lane = laneStride;
            step = stepStride;
            return origin + (nint)strip * width * laneStride + (first + start) * stepStride;
        }

        lane = 1;
        step = width;
        return packed + (strip - FirstPacked) * width * depth + start * width;
    }
}
