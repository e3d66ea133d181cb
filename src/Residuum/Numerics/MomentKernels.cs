using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Residuum.Numerics;

/// <summary>Element-wise operations of methods that keep running means of gradients and of their squares.</summary>
internal static class MomentKernels
{
    /// <summary><c>average = keep * average + take * x</c>.</summary>
    public static void Average(Span<float> average, float keep, ReadOnlySpan<float> x, float take)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(x.Length, average.Length, nameof(x));
        AverageKernel kernel = new() { Result = average, X = x, Keep = keep, Take = take };
        LaneLoop.Run(ref kernel, x.Length);
    }

    /// <summary><c>average = keep * average + take * (x^2 + epsilon)</c>.</summary>
    public static void AverageSquares(Span<float> average, float keep, ReadOnlySpan<float> x, float take, float epsilon)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(x.Length, average.Length, nameof(x));
        AverageSquaresKernel kernel = new() { Result = average, X = x, Keep = keep, Take = take, Epsilon = epsilon };
        LaneLoop.Run(ref kernel, x.Length);
    }

    /// <summary><c>result = x / (sqrt(v) + epsilon)</c>.</summary>
    public static void DivideByRoot(ReadOnlySpan<float> x, ReadOnlySpan<float> v, float epsilon, Span<float> result)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(x.Length, result.Length, nameof(x));
        ArgumentOutOfRangeException.ThrowIfNotEqual(v.Length, result.Length, nameof(v));
        DivideByRootKernel kernel = new() { X = x, V = v, Result = result, Epsilon = epsilon };
        LaneLoop.Run(ref kernel, result.Length);
    }

    private ref struct AverageKernel : ILaneKernel
    {
        public ReadOnlySpan<float> X;
        public Span<float> Result;
        public float Keep;
        public float Take;

        [MethodImpl(LaneLoop.KernelOptions)]
        public readonly nuint Run<TLanes>(nuint start, nuint end)
            where TLanes : struct, ILanes<TLanes>
        {
            ref float x0 = ref MemoryMarshal.GetReference(X);
            ref float result0 = ref MemoryMarshal.GetReference(Result);
            TLanes keep = TLanes.All(Keep);
            TLanes take = TLanes.All(Take);
            nuint i = start;
            for (; i + TLanes.Width <= end; i += TLanes.Width)
            {
                TLanes.Fma(keep, TLanes.Load(ref result0, i), take * TLanes.Load(ref x0, i)).Store(ref result0, i);
            }

            return i;
        }
    }

    private ref struct AverageSquaresKernel : ILaneKernel
    {
        public ReadOnlySpan<float> X;
        public Span<float> Result;
        public float Keep;
        public float Take;
        public float Epsilon;

        [MethodImpl(LaneLoop.KernelOptions)]
        public readonly nuint Run<TLanes>(nuint start, nuint end)
            where TLanes : struct, ILanes<TLanes>
        {
            ref float x0 = ref MemoryMarshal.GetReference(X);
            ref float result0 = ref MemoryMarshal.GetReference(Result);
            TLanes keep = TLanes.All(Keep);
            TLanes take = TLanes.All(Take);
            TLanes epsilon = TLanes.All(Epsilon);
            nuint i = start;
            for (; i + TLanes.Width <= end; i += TLanes.Width)
            {
                TLanes x = TLanes.Load(ref x0, i);
                TLanes.Fma(keep, TLanes.Load(ref result0, i), take * TLanes.Fma(x, x, epsilon)).Store(ref result0, i);
            }

            return i;
        }
    }

    private ref struct DivideByRootKernel : ILaneKernel
    {
        public ReadOnlySpan<float> X;
        public ReadOnlySpan<float> V;
        public Span<float> Result;
        public float Epsilon;

        [MethodImpl(LaneLoop.KernelOptions)]
        public readonly nuint Run<TLanes>(nuint start, nuint end)
            where TLanes : struct, ILanes<TLanes>
        {
            ref float x0 = ref MemoryMarshal.GetReference(X);
            ref float v0 = ref MemoryMarshal.GetReference(V);
            ref float result0 = ref MemoryMarshal.GetReference(Result);
            TLanes epsilon = TLanes.All(Epsilon);
            nuint i = start;
            for (; i + TLanes.Width <= end; i += TLanes.Width)
            {
                (TLanes.Load(ref x0, i) / (TLanes.Sqrt(TLanes.Load(ref v0, i)) + epsilon)).Store(ref result0, i);
            }

            return i;
        }
    }
}
