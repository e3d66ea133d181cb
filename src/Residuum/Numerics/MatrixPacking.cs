using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Residuum.Numerics;

/// <summary>
/// Copies a strip of a matrix (a few rows of A, a few columns of B) into the order in which a tile reads it: all lanes of one step side
/// by side.
/// </summary>
internal static unsafe class MatrixPacking
{
    /// <summary>Packs <paramref name="lanes"/> lanes and fills up with zeros to <paramref name="width"/>.</summary>
    /// <param name="source">The strip's first element.</param>
    /// <param name="laneStride">The distance between lanes; it or <paramref name="stepStride"/> is 1.</param>
    /// <param name="stepStride">The distance between steps of the inner dimension.</param>
    /// <param name="lanes">How many lanes the strip has, at most <paramref name="width"/>.</param>
    /// <param name="width">How many lanes a tile reads.</param>
    /// <param name="depth">The number of steps.</param>
    /// <param name="target">Takes <c>depth * width</c> elements.</param>
    [MethodImpl(LaneLoop.KernelOptions)]
    public static void Pack(float* source, nint laneStride, nint stepStride, nint lanes, nint width, nint depth, float* target)
    {
        if (lanes < width)
        {
            new Span<float>(target, (int)(depth * width)).Clear();
        }

        if (laneStride == 1)
        {
            Copy(source, stepStride, lanes, width, depth, target);
        }
        else
        {
            nint done = Sse.IsSupported ? TransposeFours(source, laneStride, stepStride, lanes, width, depth, target) : 0;
            for (nint lane = done; lane < lanes; lane++)
            {
                for (nint step = 0; step < depth; step++)
                {
                    target[step * width + lane] = source[lane * laneStride + step * stepStride];
                }
            }
        }
    }

    [MethodImpl(LaneLoop.KernelOptions)]
    private static void Copy(float* source, nint stepStride, nint lanes, nint width, nint depth, float* target)
    {
        for (; depth > 0; depth--)
        {
            nint lane = 0;
            for (; lane + 8 <= lanes; lane += 8)
            {
                Vector256.Store(Vector256.Load(source + lane), target + lane);
            }

            for (; lane + 2 <= lanes; lane += 2)
            {
                *(double*)(target + lane) = *(double*)(source + lane);
            }

            if (lane < lanes)
            {
                target[lane] = source[lane];
            }

            source += stepStride;
            target += width;
        }
    }

    /// <summary>Packs whole groups of four lanes whose steps are neighbours in memory, as 4 x 4 blocks; returns the lanes done.</summary>
    [MethodImpl(LaneLoop.KernelOptions)]
    private static nint TransposeFours(float* source, nint laneStride, nint stepStride, nint lanes, nint width, nint depth, float* target)
    {
        nint lane = 0;
        for (; lane + 4 <= lanes; lane += 4)
        {
            float* row = source + lane * laneStride;
            float* to = target + lane;
            nint step = 0;
            for (; step + 4 <= depth; step += 4)
            {
                Vector128<float> r0 = Vector128.Load(row + step);
                Vector128<float> r1 = Vector128.Load(row + laneStride + step);
                Vector128<float> r2 = Vector128.Load(row + 2 * laneStride + step);
                Vector128<float> r3 = Vector128.Load(row + 3 * laneStride + step);
                Vector128<float> low01 = Sse.UnpackLow(r0, r1);
                Vector128<float> high01 = Sse.UnpackHigh(r0, r1);
                Vector128<float> low23 = Sse.UnpackLow(r2, r3);
                Vector128<float> high23 = Sse.UnpackHigh(r2, r3);
                Vector128.Store(Sse.MoveLowToHigh(low01, low23), to);
                Vector128.Store(Sse.MoveHighToLow(low23, low01), to + width);
                Vector128.Store(Sse.MoveLowToHigh(high01, high23), to + 2 * width);
                Vector128.Store(Sse.MoveHighToLow(high23, high01), to + 3 * width);
                to += 4 * width;
            }

            for (; step < depth; step++)
            {
                for (nint i = 0; i < 4; i++)
                {
                    to[i] = row[i * laneStride + step * stepStride];
                }

                to += width;
            }
        }

        return lane;
    }
}
