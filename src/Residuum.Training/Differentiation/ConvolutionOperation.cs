using Residuum.Numerics;

namespace Residuum.Training.Differentiation;

/// <summary>A two-dimensional convolution (cross-correlation) without bias over images stored channels last.</summary>
/// <remarks>
/// With the patches P of the input laid out as rows, <c>Y = P Wᵀ</c>. Backward: <c>dW = dYᵀ P</c>; and dX is again a product of patches,
/// those of dY, with the weights rearranged. Patches are made for a few hundred pixels at a time and never stored as a whole: they stay in
/// the cache, and making them again in the backward pass is cheaper than reading them from memory.
/// </remarks>
public sealed class ConvolutionOperation : Operation
{
    private const int PixelsPerTile = 256;
    private const int MostSlabs = 16;

    private Tensor _x = null!;
    private Tensor _weight = null!;
    private ConvolutionGeometry _geometry;

    /// <summary>Convolves.</summary>
    /// <param name="tape">The tape.</param>
    /// <param name="x">Shape [batch, height, width, channels].</param>
    /// <param name="weight">Shape [filters, kernel, kernel, channels].</param>
    /// <param name="stride">The distance between neighbouring positions of a filter.</param>
    /// <param name="padding">Rows and columns of zeros around the image.</param>
    /// <returns>Shape [batch, output height, output width, filters].</returns>
    /// <exception cref="ArgumentException">The shapes do not fit.</exception>
    public static Tensor Apply(Tape tape, Tensor x, Tensor weight, int stride = 1, int padding = 0)
    {
        ArgumentNullException.ThrowIfNull(tape);
        ArgumentNullException.ThrowIfNull(x);
        ArgumentNullException.ThrowIfNull(weight);
        ArgumentOutOfRangeException.ThrowIfLessThan(stride, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(padding);
        bool fits = x.Shape.Length == 4 && weight.Shape.Length == 4 && weight.Shape[1] == weight.Shape[2] && weight.Shape[3] == x.Shape[3]
            && weight.Shape[1] <= Math.Min(x.Shape[1], x.Shape[2]) + (2 * padding);
        ShapeMismatch.ThrowIf(!fits, "A convolution", x, weight);
        ConvolutionGeometry g = new(x.Shape[0], x.Shape[1], x.Shape[2], x.Shape[3], weight.Shape[0], weight.Shape[1], stride, padding);
        Tensor y = tape.Result(x.RequiresGradient || weight.RequiresGradient, g.Batch, g.OutputHeight, g.OutputWidth, g.Filters);
        using Scratch patches = tape.RentScratch(tape.Work.Threads * PixelsPerTile * g.PatchLength);
        tape.ForRows(new Forward(g, x, weight, y, patches.Memory), g.OutputPixels, PixelsPerTile);

        ConvolutionOperation operation = tape.Rent<ConvolutionOperation>();
        operation._x = x;
        operation._weight = weight;
        operation._geometry = g;
        return tape.Record(operation, y);
    }

    /// <inheritdoc/>
    internal override bool BackwardReadsParameters => _x.RequiresGradient;

    /// <inheritdoc/>
    public override void Backward(Tape tape)
    {
        if (_x.RequiresGradient)
        {
            BackwardInput(tape);
        }

        if (_weight.RequiresGradient)
        {
            BackwardWeight(tape);
        }
    }

    private void BackwardInput(Tape tape)
    {
        ConvolutionGeometry g = _geometry;
        bool accumulate = tape.PrepareGradient(_x);
        using Scratch weight = tape.RentScratch(_weight.Length);
        using Scratch patches = tape.RentScratch(tape.Work.Threads * PixelsPerTile * g.TransposedPatchLength);
        FiltersInRows(weight.Span);
        tape.ForRows(new InputGradient(g, Output, weight.Memory, _x, patches.Memory, accumulate), g.InputPixels, PixelsPerTile);
    }

    /// <summary>The weights [filter, tap, channel] rearranged to [tap, filter, channel] with the taps running backwards.</summary>
    private void FiltersInRows(Span<float> rearranged)
    {
        int taps = _geometry.Kernel * _geometry.Kernel;
        int channels = _geometry.Channels;
        for (int tap = 0; tap < taps; tap++)
        {
            for (int filter = 0; filter < _geometry.Filters; filter++)
            {
                _weight.Values.Slice(((filter * taps) + tap) * channels, channels)
                    .CopyTo(rearranged[((((taps - 1 - tap) * _geometry.Filters) + filter) * channels)..]);
            }
        }
    }

    private void BackwardWeight(Tape tape)
    {
        // The sum over pixels is cut into slabs by the shape alone and put together in their order: the same bits for any number of
        // threads.
        ConvolutionGeometry g = _geometry;
        int tiles = (g.OutputPixels + PixelsPerTile - 1) / PixelsPerTile;
        int tilesPerSlab = (tiles + MostSlabs - 1) / MostSlabs;
        int slabs = (tiles + tilesPerSlab - 1) / tilesPerSlab;
        using Scratch partial = tape.RentScratch(slabs * _weight.Length);
        using Scratch patches = tape.RentScratch(tape.Work.Threads * PixelsPerTile * g.PatchLength);
        tape.ForRows(new WeightGradient(g, _x, Output, partial.Memory, patches.Memory, tilesPerSlab), slabs, rowsPerChunk: 1);
        ColumnSums.Add(partial.Span, _weight.Length, tape.GradientToAddTo(_weight));
    }

    private readonly struct Forward(ConvolutionGeometry g, Tensor x, Tensor weight, Tensor y, Memory<float> patches) : IRowKernel
    {
        public void Run(int first, int end, int worker)
        {
            int pixels = end - first;
            Span<float> rows = patches.Span.Slice(worker * PixelsPerTile * g.PatchLength, pixels * g.PatchLength);
            Patches.Gather(g, x.Values, first, end, rows);
            MatrixProduct.Multiply(
                rows,
                new MatrixLayout(pixels, g.PatchLength),
                weight.Values,
                new MatrixLayout(g.Filters, g.PatchLength).Transpose(),
                y.Values.Slice(first * g.Filters, pixels * g.Filters),
                new MatrixLayout(pixels, g.Filters),
                WorkSharing.Alone);
        }
    }

    private readonly struct InputGradient(
        ConvolutionGeometry g, Tensor y, Memory<float> weight, Tensor x, Memory<float> patches, bool accumulate) : IRowKernel
    {
        public void Run(int first, int end, int worker)
        {
            int pixels = end - first;
            Span<float> rows = patches.Span.Slice(worker * PixelsPerTile * g.TransposedPatchLength, pixels * g.TransposedPatchLength);
            if (g.IsReversible)
            {
                Patches.Gather(g.Reversed, y.Gradient, first, end, rows);
            }
            else
            {
                Patches.GatherTransposed(g, y.Gradient, first, end, rows);
            }

            MatrixProduct.Multiply(
                rows,
                new MatrixLayout(pixels, g.TransposedPatchLength),
                weight.Span,
                new MatrixLayout(g.TransposedPatchLength, g.Channels),
                x.Gradient.Slice(first * g.Channels, pixels * g.Channels),
                new MatrixLayout(pixels, g.Channels),
                WorkSharing.Alone,
                beta: accumulate ? 1 : 0);
        }
    }

    private readonly struct WeightGradient(
        ConvolutionGeometry g, Tensor x, Tensor y, Memory<float> partial, Memory<float> patches, int tilesPerSlab) : IRowKernel
    {
        public void Run(int first, int end, int worker)
        {
            MatrixLayout target = new(g.Filters, g.PatchLength);
            for (int slab = first; slab < end; slab++)
            {
                Span<float> sum = partial.Span.Slice(slab * g.Filters * g.PatchLength, g.Filters * g.PatchLength);
                sum.Clear();
                int firstPixel = slab * tilesPerSlab * PixelsPerTile;
                int endPixel = Math.Min(firstPixel + (tilesPerSlab * PixelsPerTile), g.OutputPixels);
                for (int pixel = firstPixel; pixel < endPixel; pixel += PixelsPerTile)
                {
                    int pixels = Math.Min(PixelsPerTile, endPixel - pixel);
                    Span<float> rows = patches.Span.Slice(worker * PixelsPerTile * g.PatchLength, pixels * g.PatchLength);
                    Patches.Gather(g, x.Values, pixel, pixel + pixels, rows);
                    MatrixProduct.Multiply(
                        y.Gradient.Slice(pixel * g.Filters, pixels * g.Filters),
                        new MatrixLayout(pixels, g.Filters).Transpose(),
                        rows,
                        new MatrixLayout(pixels, g.PatchLength),
                        sum,
                        target,
                        WorkSharing.Alone,
                        beta: 1);
                }
            }
        }
    }
}
