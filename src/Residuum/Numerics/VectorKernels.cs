using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Residuum.Numerics;

/// <summary>Plain element-wise operations.</summary>
internal static class VectorKernels
{
    /// <summary><c>result = a + factor * b</c>, rounded once.</summary>
    public static void MultiplyAdd(ReadOnlySpan<float> a, float factor, ReadOnlySpan<float> b, Span<float> result)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(a.Length, result.Length, nameof(a));
        ArgumentOutOfRangeException.ThrowIfNotEqual(b.Length, result.Length, nameof(b));
        MultiplyAddKernel kernel = new() { A = a, B = b, Result = result, Factor = factor };
        LaneLoop.Run(ref kernel, result.Length);
    }

    /// <summary><c>x = factor * x</c>.</summary>
    public static void Scale(Span<float> x, float factor)
    {
        ScaleKernel kernel = new() { X = x, Factor = factor };
        LaneLoop.Run(ref kernel, x.Length);
    }

    /// <summary><c>result = a / divisor</c>, rounded once.</summary>
    public static void Divide(ReadOnlySpan<float> a, float divisor, Span<float> result)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(a.Length, result.Length, nameof(a));
        DivideKernel kernel = new() { A = a, Result = result, Divisor = divisor };
        LaneLoop.Run(ref kernel, result.Length);
    }

    private ref struct MultiplyAddKernel : ILaneKernel
    {
        public ReadOnlySpan<float> A;
        public ReadOnlySpan<float> B;
        public Span<float> Result;
        public float Factor;

        [MethodImpl(LaneLoop.KernelOptions)]
        public readonly nuint Run<TLanes>(nuint start, nuint end)
            where TLanes : struct, ILanes<TLanes>
        {
            ref float a0 = ref MemoryMarshal.GetReference(A);
            ref float b0 = ref MemoryMarshal.GetReference(B);
            ref float result0 = ref MemoryMarshal.GetReference(Result);
            TLanes factor = TLanes.All(Factor);
            nuint i = start;
            for (; i + TLanes.Width <= end; i += TLanes.Width)
            {
                TLanes.Fma(factor, TLanes.Load(ref b0, i), TLanes.Load(ref a0, i)).Store(ref result0, i);
            }

            return i;
        }
    }

    private ref struct ScaleKernel : ILaneKernel
    {
        public Span<float> X;
        public float Factor;

        [MethodImpl(LaneLoop.KernelOptions)]
        public readonly nuint Run<TLanes>(nuint start, nuint end)
            where TLanes : struct, ILanes<TLanes>
        {
            ref float x0 = ref MemoryMarshal.GetReference(X);
            TLanes factor = TLanes.All(Factor);
            nuint i = start;
            for (; i + TLanes.Width <= end; i += TLanes.Width)
            {
                (factor * TLanes.Load(ref x0, i)).Store(ref x0, i);
            }

            return i;
        }
    }

    private ref struct DivideKernel : ILaneKernel
    {
        public ReadOnlySpan<float> A;
        public Span<float> Result;
        public float Divisor;

        [MethodImpl(LaneLoop.KernelOptions)]
        public readonly nuint Run<TLanes>(nuint start, nuint end)
            where TLanes : struct, ILanes<TLanes>
        {
            ref float a0 = ref MemoryMarshal.GetReference(A);
            ref float result0 = ref MemoryMarshal.GetReference(Result);
            TLanes divisor = TLanes.All(Divisor);
            nuint i = start;
            for (; i + TLanes.Width <= end; i += TLanes.Width)
            {
                (TLanes.Load(ref a0, i) / divisor).Store(ref result0, i);
            }

            return i;
        }
    }
}
