namespace Residuum.Training.Data;

/// <summary>Images with class labels, kept as bytes and handed out as standardised float32.</summary>
/// <remarks>A pixel p becomes (p/255 - mean) / deviation by a table of 256 entries: a quarter of the memory of stored floats, the same
/// values.</remarks>
public sealed class ImageSet
{
    private readonly ReadOnlyMemory<byte> _pixels;
    private readonly ReadOnlyMemory<byte> _labels;
    private readonly float[] _standardised;

    internal ImageSet(IdxImages images, byte[] labels, int classes, double mean, double deviation)
        : this(images.Pixels, labels, images.Rows, images.Columns, classes, new float[256])
    {
        for (int p = 0; p < 256; p++)
        {
            _standardised[p] = (float)(((p / 255.0) - mean) / deviation);
        }
    }

    private ImageSet(ReadOnlyMemory<byte> pixels, ReadOnlyMemory<byte> labels, int rows, int columns, int classes, float[] standardised)
    {
        _pixels = pixels;
        _labels = labels;
        Rows = rows;
        Columns = columns;
        Classes = classes;
        _standardised = standardised;
    }

    /// <summary>How many images.</summary>
    public int Count => _labels.Length;

    /// <summary>Rows of an image.</summary>
    public int Rows { get; }

    /// <summary>Columns of an image.</summary>
    public int Columns { get; }

    /// <summary>Features of an image: rows x columns.</summary>
    public int Width => Rows * Columns;

    /// <summary>How many classes; labels are 0 to this less 1.</summary>
    public int Classes { get; }

    /// <summary>The pixel bytes of all images, row-major.</summary>
    public ReadOnlySpan<byte> Pixels => _pixels.Span;

    /// <summary>The label of every image.</summary>
    public ReadOnlySpan<byte> Labels => _labels.Span;

    /// <summary>A range of the images; it shares this set's memory.</summary>
    /// <param name="start">The first image, from 0.</param>
    /// <param name="count">How many.</param>
    /// <exception cref="ArgumentOutOfRangeException">The range is not inside the set.</exception>
    public ImageSet Slice(int start, int count) =>
        new(_pixels.Slice(start * Width, count * Width), _labels.Slice(start, count), Rows, Columns, Classes, _standardised);

    /// <summary>Copies chosen images, standardised, and their labels.</summary>
    /// <param name="rows">Which images, each from 0 to <see cref="Count"/> - 1.</param>
    /// <param name="features">rows.Length x <see cref="Width"/> values, image by image.</param>
    /// <param name="labels">rows.Length labels.</param>
    /// <exception cref="ArgumentException">A target has another length.</exception>
    public void CopyBatch(ReadOnlySpan<int> rows, Span<float> features, Span<int> labels)
    {
        if (features.Length != rows.Length * Width || labels.Length != rows.Length)
        {
            throw new ArgumentException(
                $"{rows.Length} images have {rows.Length * Width} features; there is room for {features.Length}, "
                    + $"and {labels.Length} labels.",
                nameof(features));
        }

        ReadOnlySpan<float> standardised = _standardised;
        for (int i = 0; i < rows.Length; i++)
        {
            ReadOnlySpan<byte> image = _pixels.Span.Slice(rows[i] * Width, Width);
            Span<float> target = features.Slice(i * Width, Width);
            for (int x = 0; x < image.Length; x++)
            {
                target[x] = standardised[image[x]];
            }

            labels[i] = _labels.Span[rows[i]];
        }
    }
}
