using System.Runtime.CompilerServices;

namespace Residuum.Numerics;

/// <summary>Runs a kernel over a range of elements: whole registers first, then the tail with one lane.</summary>
public static class LaneLoop
{
    /// <summary>For the <see cref="MethodImplAttribute"/> of every kernel: compiled fully at its first call, and by itself.</summary>
    /// <remarks>
    /// Without the first, a kernel runs unoptimised until the runtime has seen enough calls. Without the second, the second compilation of
    /// a caller pulls the kernel in, and the just-in-time compiler, at the end of its budget for inlining, leaves operations of single
    /// registers as calls.
    /// </remarks>
    public const MethodImplOptions KernelOptions = MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining;

    /// <summary>Runs <paramref name="kernel"/> over the elements 0 to <paramref name="length"/> - 1 at the machine's width.</summary>
    /// <typeparam name="TKernel">The kernel, usually a ref struct of spans and scalars.</typeparam>
    /// <param name="kernel">The kernel; it has checked its spans against <paramref name="length"/>.</param>
    /// <param name="length">The number of elements.</param>
    public static void Run<TKernel>(ref TKernel kernel, int length)
        where TKernel : struct, ILaneKernel, allows ref struct => Run(ref kernel, length, SimdWidth.Lanes);

    /// <summary>Runs <paramref name="kernel"/> at a given width, for tests that compare widths.</summary>
    /// <typeparam name="TKernel">The kernel.</typeparam>
    /// <param name="kernel">The kernel.</param>
    /// <param name="length">The number of elements.</param>
    /// <param name="lanes">16, 8 or 1.</param>
    public static void Run<TKernel>(ref TKernel kernel, int length, int lanes)
        where TKernel : struct, ILaneKernel, allows ref struct => Run(ref kernel, 0, length, lanes);

    /// <summary>Runs <paramref name="kernel"/> over a part of the elements.</summary>
    /// <typeparam name="TKernel">The kernel.</typeparam>
    /// <param name="kernel">The kernel.</param>
    /// <param name="start">The first element.</param>
    /// <param name="end">One past the last element.</param>
    /// <param name="lanes">16, 8 or 1.</param>
    public static void Run<TKernel>(ref TKernel kernel, int start, int end, int lanes)
        where TKernel : struct, ILaneKernel, allows ref struct
    {
        nuint done = lanes switch
        {
            16 => kernel.Run<Lanes16>((nuint)start, (nuint)end),
            8 => kernel.Run<Lanes8>((nuint)start, (nuint)end),
            _ => (nuint)start,
        };
        kernel.Run<Lanes1>(done, (nuint)end);
    }
}
