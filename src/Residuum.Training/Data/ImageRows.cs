namespace Residuum.Training.Data;

/// <summary>Images as rows: a feature a pixel, its value the pixel over 255, the label the class.</summary>
/// <param name="images">The images, in the order of their file.</param>
internal sealed class ImageRows(ImageSet images) : IRowStream
{
    private readonly int[] _indices = new int[images.Width];
    private readonly double[] _values = new double[images.Width];
    private int _next;
    private int _count;

    public double Label { get; private set; }

    public ReadOnlySpan<int> Indices => _indices.AsSpan(0, _count);

    public ReadOnlySpan<double> Values => _values.AsSpan(0, _count);

    public bool Read()
    {
        if (_next == images.Count)
        {
            return false;
        }

        ReadOnlySpan<byte> pixels = images.Pixels.Slice(_next * images.Width, images.Width);
        Label = images.Labels[_next];
        _count = 0;
        for (int i = 0; i < pixels.Length; i++)
        {
            if (pixels[i] != 0)
            {
                _indices[_count] = i;
                _values[_count] = pixels[i] / 255.0;
                _count++;
            }
        }

        _next++;
        return true;
    }

    public void Dispose()
    {
    }
}
