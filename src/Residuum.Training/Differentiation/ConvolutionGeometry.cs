namespace Residuum.Training.Differentiation;

/// <summary>The sizes of a square convolution over images that are stored channels last.</summary>
/// <param name="Batch">The number of images.</param>
/// <param name="Height">Input rows.</param>
/// <param name="Width">Input columns.</param>
/// <param name="Channels">Input channels.</param>
/// <param name="Filters">Output channels.</param>
/// <param name="Kernel">The side of the filters.</param>
/// <param name="Stride">The distance between neighbouring positions of a filter.</param>
/// <param name="Padding">Rows and columns of zeros around the image.</param>
internal readonly record struct ConvolutionGeometry(
    int Batch, int Height, int Width, int Channels, int Filters, int Kernel, int Stride, int Padding)
{
    public int OutputHeight => ((Height + (2 * Padding) - Kernel) / Stride) + 1;

    public int OutputWidth => ((Width + (2 * Padding) - Kernel) / Stride) + 1;

    /// <summary>The pixels of all output images: the rows of the matrix product.</summary>
    public int OutputPixels => Batch * OutputHeight * OutputWidth;

    public int InputPixels => Batch * Height * Width;

    /// <summary>The numbers that one output pixel sees: the length of a row of patches.</summary>
    public int PatchLength => Kernel * Kernel * Channels;

    /// <summary>The numbers of the output's gradient that one input pixel sees.</summary>
    public int TransposedPatchLength => Kernel * Kernel * Filters;

    /// <summary>
    /// Whether the input's gradient is itself a convolution of the output's gradient: with stride 1, where each input pixel sees all taps.
    /// </summary>
    public bool IsReversible => Stride == 1 && Padding < Kernel;

    /// <summary>That convolution, whose filters are these channels; its taps run backwards.</summary>
    public ConvolutionGeometry Reversed => new(
        Batch, OutputHeight, OutputWidth, Filters, Channels, Kernel, Stride: 1, Kernel - 1 - Padding);
}
