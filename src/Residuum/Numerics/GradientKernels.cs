using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Residuum.Numerics;

/// <summary>The kernels that read, and where asked limit, gradients before a step.</summary>
internal static class GradientKernels
{
    // float32 partial sums stay short; between them the sum is kept in double.
    private const int Stretch = 1024;

    /// <summary>
    /// The sum of the squares of the entries limited to [-limit, limit], over 16 virtual accumulators combined in a fixed order.
    /// </summary>
    /// <param name="gradient">The entries. Moves 4 bytes an entry, 3 flops.</param>
    /// <param name="limit">Positive; infinity for no limit.</param>
    /// <param name="finite">Whether all entries are finite.</param>
    public static double SumOfSquares(ReadOnlySpan<float> gradient, float limit, out bool finite)
    {
        Span<float> lanes = stackalloc float[16];
        double sum = 0;
        finite = true;
        for (int start = 0; start < gradient.Length; start += Stretch)
        {
            ReadOnlySpan<float> stretch = gradient.Slice(start, Math.Min(Stretch, gradient.Length - start));
            lanes.Clear();
            bool stretchIsFinite = SimdWidth.Lanes switch
            {
                16 => Accumulate<Lanes16>(stretch, limit, lanes),
                8 => Accumulate<Lanes8>(stretch, limit, lanes),
                _ => Accumulate<Lanes1>(stretch, limit, lanes),
            };
            finite &= stretchIsFinite;
            double partial = 0;
            foreach (float lane in lanes)
            {
                partial += lane;
            }

            // Squares of finite gradients beyond 1.8e19 overflow float32: take those in double.
            sum += double.IsFinite(partial) || !stretchIsFinite ? partial : SumInDouble(stretch, limit);
        }

        return sum;
    }

    /// <summary>Limits entries to [-limit, limit], then multiplies them by <paramref name="scale"/>, in place.</summary>
    /// <param name="gradient">The entries.</param>
    /// <param name="limit">Positive; infinity for no limit.</param>
    /// <param name="scale">The factor.</param>
    public static void ClipAndScale(Span<float> gradient, float limit, float scale)
    {
        ClipAndScaleKernel kernel = new() { Gradient = gradient, Limit = limit, Scale = scale };
        LaneLoop.Run(ref kernel, gradient.Length);
    }

    // Element i of the stretch goes to virtual accumulator i mod 16, whatever the width; x * 0 is NaN exactly where x is not finite.
    [MethodImpl(LaneLoop.KernelOptions)]
    private static bool Accumulate<TLanes>(ReadOnlySpan<float> stretch, float limit, Span<float> accumulators)
        where TLanes : struct, ILanes<TLanes>
    {
        ref float x0 = ref MemoryMarshal.GetReference(stretch);
        ref float sums = ref MemoryMarshal.GetReference(accumulators);
        TLanes upper = TLanes.All(limit);
        TLanes lower = TLanes.All(-limit);
        TLanes zero = TLanes.All(0);
        TLanes poison = zero;
        nuint end = (nuint)stretch.Length / 16 * 16;
        for (nuint lane = 0; lane < 16; lane += TLanes.Width)
        {
            TLanes sum = zero;
            for (nuint i = lane; i < end; i += 16)
            {
                TLanes x = TLanes.Load(ref x0, i);
                poison = TLanes.Fma(x, zero, poison);
                x = TLanes.Max(TLanes.Min(x, upper), lower);
                sum = TLanes.Fma(x, x, sum);
            }

            sum.Store(ref sums, lane);
        }

        float tail = 0;
        for (int i = (int)end; i < stretch.Length; i++)
        {
            float x = stretch[i];
            tail += x * 0f;
            float limited = Math.Clamp(x, -limit, limit);
            accumulators[i - (int)end] = MathF.FusedMultiplyAdd(limited, limited, accumulators[i - (int)end]);
        }

        Span<float> lanes = stackalloc float[16];
        poison.Store(ref MemoryMarshal.GetReference(lanes), 0);
        for (int i = 0; i < (int)TLanes.Width; i++)
        {
            tail += lanes[i];
        }

        return tail == 0;
    }

    private static double SumInDouble(ReadOnlySpan<float> stretch, float limit)
    {
        double sum = 0;
        foreach (float x in stretch)
        {
            double limited = Math.Clamp(x, -limit, limit);
            sum += limited * limited;
        }

        return sum;
    }

    private ref struct ClipAndScaleKernel : ILaneKernel
    {
        public Span<float> Gradient;
        public float Limit;
        public float Scale;

        [MethodImpl(LaneLoop.KernelOptions)]
        public readonly nuint Run<TLanes>(nuint start, nuint end)
            where TLanes : struct, ILanes<TLanes>
        {
            ref float g0 = ref MemoryMarshal.GetReference(Gradient);
            TLanes upper = TLanes.All(Limit);
            TLanes lower = TLanes.All(-Limit);
            TLanes scale = TLanes.All(Scale);
            nuint i = start;
            for (; i + TLanes.Width <= end; i += TLanes.Width)
            {
                TLanes g = TLanes.Max(TLanes.Min(TLanes.Load(ref g0, i), upper), lower);
                (g * scale).Store(ref g0, i);
            }

            return i;
        }
    }
}
