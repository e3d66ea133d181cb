using Residuum.Training.Differentiation;
using Residuum.Training.Layers;

namespace Residuum.Training.Models;

/// <summary>
/// A residual network for small images (He et al., arXiv:1512.03385, section 4.2): a 3 x 3 convolution, three stages of residual blocks,
/// the
/// second and third of which halve the image and double the filters, the mean over all pixels, and a linear layer.
/// </summary>
/// <remarks>With three blocks a stage it has twenty layers with weights (ResNet-20), the shortcuts' 1 x 1 convolutions not
/// counted.</remarks>
public sealed class ResidualNetwork : Layer
{
    private const int Stages = 3;

    private readonly Convolution _convolution;
    private readonly BatchNorm _norm;
    private readonly ResidualBlock[] _blocks;
    private readonly Linear _head;

    /// <summary>Makes the model.</summary>
    /// <param name="seed">The seed of the initial weights.</param>
    /// <param name="height">Rows of an image.</param>
    /// <param name="width">Columns of an image.</param>
    /// <param name="channels">Channels of an image, stored last.</param>
    /// <param name="classes">The number of classes.</param>
    /// <param name="filters">The filters of the first stage; 16 in the paper.</param>
    /// <param name="blocksPerStage">The residual blocks of each stage; 3 make ResNet-20.</param>
    public ResidualNetwork(
        ulong seed, int height = 28, int width = 28, int channels = 1, int classes = 10, int filters = 16, int blocksPerStage = 3)
        : base(new LayerScope(seed))
    {
        LayerScope scope = new(seed);
        Height = height;
        Width = width;
        Channels = channels;
        _convolution = Add(new Convolution(scope.Of("convolution"), channels, filters));
        _norm = Add(new BatchNorm(scope.Of("norm"), filters));
        _blocks = new ResidualBlock[Stages * blocksPerStage];
        int before = filters;
        for (int i = 0; i < _blocks.Length; i++)
        {
            int stage = i / blocksPerStage;
            int stride = stage > 0 && i % blocksPerStage == 0 ? 2 : 1;
            _blocks[i] = Add(new ResidualBlock(scope.Of("blocks", i), before, filters << stage, stride));
            before = filters << stage;
        }

        _head = Add(new Linear(scope.Of("head"), before, classes));
    }

    /// <summary>Rows of an image.</summary>
    public int Height { get; }

    /// <summary>Columns of an image.</summary>
    public int Width { get; }

    /// <summary>Channels of an image.</summary>
    public int Channels { get; }

    /// <summary>Computes logits.</summary>
    /// <param name="tape">The tape.</param>
    /// <param name="x">Images, shape [batch, height * width * channels] or [batch, height, width, channels].</param>
    /// <returns>Shape [batch, classes].</returns>
    /// <exception cref="ArgumentException">The images have another size.</exception>
    public Tensor Forward(Tape tape, Tensor x)
    {
        ArgumentNullException.ThrowIfNull(tape);
        ArgumentNullException.ThrowIfNull(x);
        Tensor h = ReshapeOperation.Apply(tape, x, x.Shape[0], Height, Width, Channels);
        h = _norm.Forward(tape, _convolution.Forward(tape, h), rectify: true);
        foreach (ResidualBlock block in _blocks)
        {
            h = block.Forward(tape, h);
        }

        return _head.Forward(tape, GlobalAveragePoolOperation.Apply(tape, h));
    }
}
