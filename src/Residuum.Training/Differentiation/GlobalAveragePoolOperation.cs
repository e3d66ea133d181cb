namespace Residuum.Training.Differentiation;

/// <summary>The mean of each channel over all pixels of an image. Backward: every pixel gets dy / pixels.</summary>
public sealed class GlobalAveragePoolOperation : Operation
{
    private Tensor _x = null!;

    /// <summary>Averages.</summary>
    /// <param name="tape">The tape.</param>
    /// <param name="x">Shape [batch, height, width, channels].</param>
    /// <returns>Shape [batch, channels].</returns>
    /// <exception cref="ArgumentException"><paramref name="x"/> has not four dimensions.</exception>
    public static Tensor Apply(Tape tape, Tensor x)
    {
        ArgumentNullException.ThrowIfNull(tape);
        ArgumentNullException.ThrowIfNull(x);
        if (x.Shape.Length != 4)
        {
            throw new ArgumentException(
                $"Global average pooling needs the shape [batch, height, width, channels], but got {TensorShape.Format(x.Shape)}.",
                nameof(x));
        }

        int batch = x.Shape[0];
        int channels = x.Columns;
        int imageLength = x.Shape[1] * x.Shape[2] * channels;
        float share = 1f / (x.Shape[1] * x.Shape[2]);
        Tensor y = tape.Result(x.RequiresGradient, batch, channels);
        y.Values.Clear();
        for (int image = 0; image < batch; image++)
        {
            Span<float> means = y.Values.Slice(image * channels, channels);
            ColumnSums.Add(x.Values.Slice(image * imageLength, imageLength), channels, means);
            foreach (ref float mean in means)
            {
                mean *= share;
            }
        }

        GlobalAveragePoolOperation operation = tape.Rent<GlobalAveragePoolOperation>();
        operation._x = x;
        return tape.Record(operation, y);
    }

    /// <inheritdoc/>
    public override void Backward(Tape tape)
    {
        int channels = _x.Columns;
        int pixels = _x.Shape[1] * _x.Shape[2];
        Span<float> dx = tape.GradientToAddTo(_x);
        for (int row = 0; row < _x.Rows; row++)
        {
            ReadOnlySpan<float> dy = Output.Gradient.Slice(row / pixels * channels, channels);
            Span<float> target = dx.Slice(row * channels, channels);
            for (int channel = 0; channel < channels; channel++)
            {
                target[channel] += dy[channel] / pixels;
            }
        }
    }
}
