using Residuum.Training.Differentiation;

namespace Residuum.Training.Layers;

/// <summary>
/// Two 3 x 3 convolutions with batch normalization around which the input is added (He et al., arXiv:1512.03385, figure 2). Where the shape
/// changes, the input passes a 1 x 1 convolution with batch normalization (their option B).
/// </summary>
public sealed class ResidualBlock : Layer
{
    private readonly Convolution _first;
    private readonly BatchNorm _firstNorm;
    private readonly Convolution _second;
    private readonly BatchNorm _secondNorm;
    private readonly Convolution? _shortcut;
    private readonly BatchNorm? _shortcutNorm;

    /// <summary>Makes the block.</summary>
    /// <param name="scope">Its place in the model.</param>
    /// <param name="channels">Input channels.</param>
    /// <param name="filters">Output channels.</param>
    /// <param name="stride">1, or 2 to halve the image.</param>
    public ResidualBlock(LayerScope scope, int channels, int filters, int stride)
        : base(scope)
    {
        _first = Add(new Convolution(scope.Of("convolution1"), channels, filters, kernel: 3, stride));
        _firstNorm = Add(new BatchNorm(scope.Of("norm1"), filters));
        _second = Add(new Convolution(scope.Of("convolution2"), filters, filters));
        _secondNorm = Add(new BatchNorm(scope.Of("norm2"), filters));
        if (stride != 1 || channels != filters)
        {
            _shortcut = Add(new Convolution(scope.Of("shortcut"), channels, filters, kernel: 1, stride));
            _shortcutNorm = Add(new BatchNorm(scope.Of("shortcutNorm"), filters));
        }
    }

    /// <summary>Applies the block.</summary>
    /// <param name="tape">The tape.</param>
    /// <param name="x">Shape [batch, height, width, channels].</param>
    /// <returns>Shape [batch, height / stride, width / stride, filters], sizes rounded up.</returns>
    public Tensor Forward(Tape tape, Tensor x)
    {
        Tensor h = _firstNorm.Forward(tape, _first.Forward(tape, x), rectify: true);
        h = _second.Forward(tape, h);
        Tensor residual = _shortcut is null ? x : _shortcutNorm!.Forward(tape, _shortcut.Forward(tape, x));
        return _secondNorm.Forward(tape, h, residual, rectify: true);
    }
}
