using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Residuum.Numerics;

namespace Residuum.Training.Differentiation;

/// <summary>
/// Lays the patches that a filter sees side by side, one row per pixel, so that a convolution becomes a matrix product (im2col).
/// </summary>
internal static class Patches
{
    /// <summary>
    /// For output pixels <paramref name="first"/> to <paramref name="end"/> - 1 the row of all inputs under the filter, in the order (row,
    /// column, channel); zeros outside the image.
    /// </summary>
    public static void Gather(in ConvolutionGeometry g, ReadOnlySpan<float> input, int first, int end, Span<float> rows)
    {
        // Between these columns of the output no patch crosses the image's left or right edge.
        int insideFirst = (g.Padding + g.Stride - 1) / g.Stride;
        int insideEnd = g.Width + g.Padding < g.Kernel ? 0 : ((g.Width + g.Padding - g.Kernel) / g.Stride) + 1;
        (int image, int y, int x) = Position(first, g.OutputHeight, g.OutputWidth);
        int pixel = first;
        while (pixel < end)
        {
            Span<float> patches = rows[((pixel - first) * g.PatchLength)..];
            int run = x < insideFirst ? 0 : Math.Min(insideEnd - x, end - pixel);
            if (run > 0)
            {
                GatherInside(g, input, image, y, x, run, patches);
            }
            else
            {
                run = 1;
                GatherAtEdge(g, input, image, y, x, patches[..g.PatchLength]);
            }

            pixel += run;
            Advance(ref image, ref y, ref x, run, g.OutputHeight, g.OutputWidth);
        }
    }

    /// <summary>
    /// The patches of neighbouring pixels of one row: the taps of one row lie side by side in the image, and so do the pixels.
    /// </summary>
    private static void GatherInside(
        in ConvolutionGeometry g, ReadOnlySpan<float> input, int image, int y, int x, int pixels, Span<float> patches)
    {
        int tapRow = g.Kernel * g.Channels;
        for (int tap = 0; tap < g.Kernel; tap++)
        {
            Span<float> target = patches[(tap * tapRow)..];
            int sourceRow = (y * g.Stride) - g.Padding + tap;
            if ((uint)sourceRow < (uint)g.Height)
            {
                int start = ((((image * g.Height) + sourceRow) * g.Width) + (x * g.Stride) - g.Padding) * g.Channels;
                CopyRows(input[start..], g.Stride * g.Channels, target, g.PatchLength, pixels, tapRow);
            }
            else
            {
                for (int i = 0; i < pixels; i++)
                {
                    target.Slice(i * g.PatchLength, tapRow).Clear();
                }
            }
        }
    }

    /// <summary>A patch that reaches beyond the left or right edge, with zeros there.</summary>
    private static void GatherAtEdge(in ConvolutionGeometry g, ReadOnlySpan<float> input, int image, int y, int x, Span<float> patch)
    {
        int tapRow = g.Kernel * g.Channels;
        int left = (x * g.Stride) - g.Padding;
        int firstTap = Math.Clamp(-left, 0, g.Kernel);
        int endTap = Math.Clamp(g.Width - left, firstTap, g.Kernel);
        patch.Clear();
        for (int tap = 0; tap < g.Kernel; tap++)
        {
            int sourceRow = (y * g.Stride) - g.Padding + tap;
            if ((uint)sourceRow < (uint)g.Height)
            {
                int start = ((((image * g.Height) + sourceRow) * g.Width) + left + firstTap) * g.Channels;
                input.Slice(start, (endTap - firstTap) * g.Channels).CopyTo(patch[((tap * tapRow) + (firstTap * g.Channels))..]);
            }
        }
    }

    /// <summary>Copies rows of a few registers each, for which the general routine takes longer to set out than to copy.</summary>
    [MethodImpl(LaneLoop.KernelOptions)]
    private static void CopyRows(ReadOnlySpan<float> source, int sourceStride, Span<float> target, int targetStride, int rows, int length)
    {
        ref float from = ref MemoryMarshal.GetReference(source[..(((rows - 1) * sourceStride) + length)]);
        ref float to = ref MemoryMarshal.GetReference(target[..(((rows - 1) * targetStride) + length)]);
        for (int row = 0; row < rows; row++)
        {
            nint i = 0;
            for (; i + 16 <= length; i += 16)
            {
                Vector512.LoadUnsafe(ref from, (nuint)i).StoreUnsafe(ref to, (nuint)i);
            }

            for (; i < length; i++)
            {
                Unsafe.Add(ref to, i) = Unsafe.Add(ref from, i);
            }

            from = ref Unsafe.Add(ref from, sourceStride);
            to = ref Unsafe.Add(ref to, targetStride);
        }
    }

    /// <summary>
    /// For input pixels <paramref name="first"/> to <paramref name="end"/> - 1 the row of all output gradients to which the pixel has
    /// contributed, in the order (tap row, tap column, filter) with both taps running backwards; zeros where a tap has no output.
    /// </summary>
    [MethodImpl(LaneLoop.KernelOptions)]
    public static void GatherTransposed(in ConvolutionGeometry g, ReadOnlySpan<float> outputGradient, int first, int end, Span<float> rows)
    {
        int imageLength = g.OutputHeight * g.OutputWidth * g.Filters;
        (int image, int y, int x) = Position(first, g.Height, g.Width);
        for (int pixel = first; pixel < end; pixel++)
        {
            Span<float> patch = rows.Slice((pixel - first) * g.TransposedPatchLength, g.TransposedPatchLength);
            int offset = 0;
            for (int tapY = g.Kernel - 1; tapY >= 0; tapY--)
            {
                bool rowHit = Locate(y + g.Padding - tapY, g.Stride, g.OutputHeight, out int outputY);
                for (int tapX = g.Kernel - 1; tapX >= 0; tapX--)
                {
                    Span<float> target = patch.Slice(offset, g.Filters);
                    offset += g.Filters;
                    if (rowHit && Locate(x + g.Padding - tapX, g.Stride, g.OutputWidth, out int outputX))
                    {
                        int start = (image * imageLength) + (((outputY * g.OutputWidth) + outputX) * g.Filters);
                        outputGradient.Slice(start, g.Filters).CopyTo(target);
                    }
                    else
                    {
                        target.Clear();
                    }
                }
            }

            Advance(ref image, ref y, ref x, 1, g.Height, g.Width);
        }
    }

    /// <summary>The output position whose filter started <paramref name="distance"/> before, if there is one.</summary>
    private static bool Locate(int distance, int stride, int outputs, out int output)
    {
        output = distance / stride;
        return distance >= 0 && output < outputs && output * stride == distance;
    }

    private static (int Image, int Y, int X) Position(int pixel, int height, int width)
    {
        (int row, int x) = Math.DivRem(pixel, width);
        (int image, int y) = Math.DivRem(row, height);
        return (image, y, x);
    }

    /// <summary>Moves on by some pixels of the same row.</summary>
    private static void Advance(ref int image, ref int y, ref int x, int pixels, int height, int width)
    {
        x += pixels;
        if (x == width)
        {
            x = 0;
            if (++y == height)
            {
                y = 0;
                image++;
            }
        }
    }
}
