using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Residuum.Training.Differentiation;

/// <summary>Lays the patches that a filter sees side by side, one row per pixel, so that a convolution becomes a matrix product (im2col).</summary>
internal static class Patches
{
    /// <summary>
    /// For output pixels <paramref name="first"/> to <paramref name="end"/> - 1 the row of all inputs under the filter, in the order (row,
    /// column, channel); zeros outside the image.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Gather(in ConvolutionGeometry g, ReadOnlySpan<float> input, int first, int end, Span<float> rows)
    {
        int tapRow = g.Kernel * g.Channels;
        int imageLength = g.Height * g.Width * g.Channels;
        (int image, int y, int x) = Position(first, g.OutputHeight, g.OutputWidth);
        for (int pixel = first; pixel < end; pixel++)
        {
            Span<float> patch = rows.Slice((pixel - first) * g.PatchLength, g.PatchLength);
            int left = (x * g.Stride) - g.Padding;
            int firstTap = Math.Max(0, -left);
            int endTap = Math.Min(g.Kernel, g.Width - left);
            for (int tap = 0; tap < g.Kernel; tap++)
            {
                Span<float> target = patch.Slice(tap * tapRow, tapRow);
                int sourceRow = (y * g.Stride) - g.Padding + tap;
                if ((uint)sourceRow >= (uint)g.Height)
                {
                    target.Clear();
                    continue;
                }

                // The taps of one row lie side by side in the image: one copy, with zeros where the image ends.
                int start = (image * imageLength) + (((sourceRow * g.Width) + left + firstTap) * g.Channels);
                if (firstTap == 0 && endTap == g.Kernel)
                {
                    Copy(input.Slice(start, tapRow), target);
                    continue;
                }

                target[..(firstTap * g.Channels)].Clear();
                Copy(input.Slice(start, (endTap - firstTap) * g.Channels), target[(firstTap * g.Channels)..]);
                target[(endTap * g.Channels)..].Clear();
            }

            Advance(ref image, ref y, ref x, g.OutputHeight, g.OutputWidth);
        }
    }

    /// <summary>
    /// For input pixels <paramref name="first"/> to <paramref name="end"/> - 1 the row of all output gradients to which the pixel has
    /// contributed, in the order (tap row, tap column, filter) with both taps running backwards; zeros where a tap has no output.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
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
                        Copy(outputGradient.Slice(start, g.Filters), target);
                    }
                    else
                    {
                        target.Clear();
                    }
                }
            }

            Advance(ref image, ref y, ref x, g.Height, g.Width);
        }
    }

    /// <summary>A copy of a few registers, for which the general routine takes longer to set out than to copy.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Copy(ReadOnlySpan<float> source, Span<float> target)
    {
        ref float from = ref MemoryMarshal.GetReference(source);
        ref float to = ref MemoryMarshal.GetReference(target[..source.Length]);
        nuint length = (nuint)source.Length;
        nuint i = 0;
        for (; i + 16 <= length; i += 16)
        {
            Vector512.LoadUnsafe(ref from, i).StoreUnsafe(ref to, i);
        }

        for (; i < length; i++)
        {
            Unsafe.Add(ref to, i) = Unsafe.Add(ref from, i);
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

    private static void Advance(ref int image, ref int y, ref int x, int height, int width)
    {
        if (++x == width)
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
