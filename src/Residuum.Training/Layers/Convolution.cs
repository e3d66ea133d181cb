using Residuum.Training.Differentiation;

namespace Residuum.Training.Layers;

/// <summary>
/// A two-dimensional convolution without bias over images stored channels last: <c>weight</c> of shape [filters, kernel, kernel, channels].
/// The padding keeps the size of the image at stride 1.
/// </summary>
public sealed class Convolution : Layer
{
    private readonly Parameter _weight;
    private readonly int _stride;
    private readonly int _padding;

    /// <summary>Makes the layer; weights start normal with deviation sqrt(2 / inputs of a filter).</summary>
    /// <param name="scope">Its place in the model.</param>
    /// <param name="channels">Input channels.</param>
    /// <param name="filters">Output channels.</param>
    /// <param name="kernel">The side of the filters; odd.</param>
    /// <param name="stride">The distance between neighbouring positions of a filter.</param>
    public Convolution(LayerScope scope, int channels, int filters, int kernel = 3, int stride = 1)
        : base(scope)
    {
        if (kernel < 1 || kernel % 2 == 0)
        {
            throw new ArgumentOutOfRangeException(nameof(kernel), kernel, $"The side of a filter is {kernel}; it must be odd.");
        }

        _weight = AddParameter("weight", Initialization.He(kernel * kernel * channels), filters, kernel, kernel, channels);
        _stride = stride;
        _padding = kernel / 2;
    }

    /// <summary>Convolves.</summary>
    /// <param name="tape">The tape.</param>
    /// <param name="x">Shape [batch, height, width, channels].</param>
    /// <returns>Shape [batch, height / stride, width / stride, filters], sizes rounded up.</returns>
    public Tensor Forward(Tape tape, Tensor x)
    {
        ArgumentNullException.ThrowIfNull(tape);
        return ConvolutionOperation.Apply(tape, x, tape.Use(_weight), _stride, _padding);
    }
}
