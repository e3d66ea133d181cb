using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Residuum.Numerics;

namespace Residuum.Training.Differentiation;

/// <summary>The softmax of one row.</summary>
internal static class SoftmaxRow
{
    /// <summary>The logarithm of Σ exp(x).</summary>
    /// <param name="x">The row.</param>
    /// <param name="scratch">As long as the row; holds exp(x - max) afterwards.</param>
    public static float LogSumExp(ReadOnlySpan<float> x, Span<float> scratch)
    {
        float largest = Reductions.Max(x);
        ShiftedExp kernel = new(x, scratch, largest);
        LaneLoop.Run(ref kernel, x.Length);
        return largest + (float)Math.Log(Reductions.Sum(scratch));
    }

    /// <summary>Replaces x by its softmax. Returns the logarithm of the normalizer Σ exp(x).</summary>
    public static float Normalize(Span<float> x)
    {
        float largest = Reductions.Max(x);
        ShiftedExp exponentiate = new(x, x, largest);
        LaneLoop.Run(ref exponentiate, x.Length);
        double sum = Reductions.Sum(x);
        Scale scale = new(x, (float)(1 / sum));
        LaneLoop.Run(ref scale, x.Length);
        return largest + (float)Math.Log(sum);
    }

    /// <summary>Replaces x by <c>exp(x - logNormalizer)</c>.</summary>
    public static void Exponentiate(Span<float> x, float logNormalizer)
    {
        ShiftedExp kernel = new(x, x, logNormalizer);
        LaneLoop.Run(ref kernel, x.Length);
    }

    /// <summary>Replaces the derivatives by the probabilities by those by the scores: <c>d = p (d - delta)</c>.</summary>
    public static void Differentiate(ReadOnlySpan<float> probabilities, float delta, Span<float> derivatives)
    {
        Derivative kernel = new(probabilities, delta, derivatives);
        LaneLoop.Run(ref kernel, probabilities.Length);
    }

    /// <summary><c>dx = scale exp(x - logNormalizer)</c>, written or added.</summary>
    public static void AddScaled(ReadOnlySpan<float> x, float logNormalizer, float scale, Span<float> dx, bool accumulate)
    {
        ScaledExp kernel = new(x, logNormalizer, scale, dx, accumulate);
        LaneLoop.Run(ref kernel, x.Length);
    }

    private readonly ref struct ShiftedExp(ReadOnlySpan<float> x, Span<float> y, float shift) : ILaneKernel
    {
        private readonly ref float _x = ref MemoryMarshal.GetReference(x);
        private readonly ref float _y = ref MemoryMarshal.GetReference(y);

        [MethodImpl(LaneLoop.KernelOptions)]
        public nuint Run<TLanes>(nuint start, nuint end)
            where TLanes : struct, ILanes<TLanes>
        {
            TLanes shifts = TLanes.All(shift);
            nuint i = start;
            for (; i + TLanes.Width <= end; i += TLanes.Width)
            {
                LaneMath.Exp(TLanes.Load(ref _x, i) - shifts).Store(ref _y, i);
            }

            return i;
        }
    }

    private readonly ref struct Scale(Span<float> x, float factor) : ILaneKernel
    {
        private readonly ref float _x = ref MemoryMarshal.GetReference(x);

        [MethodImpl(LaneLoop.KernelOptions)]
        public nuint Run<TLanes>(nuint start, nuint end)
            where TLanes : struct, ILanes<TLanes>
        {
            TLanes factors = TLanes.All(factor);
            nuint i = start;
            for (; i + TLanes.Width <= end; i += TLanes.Width)
            {
                (TLanes.Load(ref _x, i) * factors).Store(ref _x, i);
            }

            return i;
        }
    }

    private readonly ref struct Derivative(ReadOnlySpan<float> p, float delta, Span<float> d) : ILaneKernel
    {
        private readonly ref float _p = ref MemoryMarshal.GetReference(p);
        private readonly ref float _d = ref MemoryMarshal.GetReference(d);

        [MethodImpl(LaneLoop.KernelOptions)]
        public nuint Run<TLanes>(nuint start, nuint end)
            where TLanes : struct, ILanes<TLanes>
        {
            TLanes deltas = TLanes.All(delta);
            nuint i = start;
            for (; i + TLanes.Width <= end; i += TLanes.Width)
            {
                (TLanes.Load(ref _p, i) * (TLanes.Load(ref _d, i) - deltas)).Store(ref _d, i);
            }

            return i;
        }
    }

    private readonly ref struct ScaledExp(ReadOnlySpan<float> x, float shift, float scale, Span<float> y, bool accumulate) : ILaneKernel
    {
        private readonly ref float _x = ref MemoryMarshal.GetReference(x);
        private readonly ref float _y = ref MemoryMarshal.GetReference(y);

        [MethodImpl(LaneLoop.KernelOptions)]
        public nuint Run<TLanes>(nuint start, nuint end)
            where TLanes : struct, ILanes<TLanes>
        {
            TLanes shifts = TLanes.All(shift);
            TLanes factors = TLanes.All(scale);
            nuint i = start;
            for (; i + TLanes.Width <= end; i += TLanes.Width)
            {
                TLanes before = accumulate ? TLanes.Load(ref _y, i) : TLanes.All(0);
                TLanes.Fma(factors, LaneMath.Exp(TLanes.Load(ref _x, i) - shifts), before).Store(ref _y, i);
            }

            return i;
        }
    }
}
