using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Residuum.Numerics;

namespace Residuum.Optimizers;

/// <summary>The element-wise parts of a step of <see cref="LdAdam"/> (page, section 3): a few passes over r x n numbers.</summary>
internal static class LdAdamKernels
{
    /// <summary><c>variance = v / c2 - (m / c1)^2</c>: the bias-corrected second moment minus the squared mean.</summary>
    public static void Variance(ReadOnlySpan<float> m, ReadOnlySpan<float> v, double c1, double c2, Span<float> variance)
    {
        VarianceKernel kernel = new() { M = m, V = v, Result = variance, First = (float)(1 / c1), Second = (float)(1 / c2) };
        LaneLoop.Run(ref kernel, variance.Length);
    }

    /// <summary>
    /// Steps 5, 7 and 8: the second moment carried into the new basis, both moments, and the direction D, which takes the place of the
    /// spread variance.
    /// </summary>
    public static void Moments(LdAdamMatrix matrix, ReadOnlySpan<float> a, ReadOnlySpan<float> carried, Span<float> spread)
    {
        MomentsKernel kernel = new()
        {
            A = a,
            Carried = carried,
            Spread = spread,
            M = matrix.M,
            V = matrix.V,
            Mean = matrix.Step == 1 ? 0 : (float)(1 / matrix.Before.First),
            Old = (float)matrix.Before.Second,
            Scalars = new AdamScalars(matrix.Group, matrix.Step) { Eta = (float)(1 / (1 - Math.Pow(matrix.Group.Beta1, matrix.Step))) },
        };
        LaneLoop.Run(ref kernel, spread.Length);
    }

    private ref struct VarianceKernel : ILaneKernel
    {
        public ReadOnlySpan<float> M;
        public ReadOnlySpan<float> V;
        public Span<float> Result;
        public float First;
        public float Second;

        [MethodImpl(LaneLoop.KernelOptions)]
        public readonly nuint Run<TLanes>(nuint start, nuint end)
            where TLanes : struct, ILanes<TLanes>
        {
            ref float m0 = ref MemoryMarshal.GetReference(M);
            ref float v0 = ref MemoryMarshal.GetReference(V);
            ref float result0 = ref MemoryMarshal.GetReference(Result);
            TLanes first = TLanes.All(First);
            TLanes second = TLanes.All(Second);
            nuint i = start;
            for (; i + TLanes.Width <= end; i += TLanes.Width)
            {
                TLanes mean = first * TLanes.Load(ref m0, i);
                ((second * TLanes.Load(ref v0, i)) - (mean * mean)).Store(ref result0, i);
            }

            return i;
        }
    }

    private ref struct MomentsKernel : ILaneKernel
    {
        public ReadOnlySpan<float> A;
        public ReadOnlySpan<float> Carried;
        public Span<float> Spread;
        public Span<float> M;
        public Span<float> V;
        public float Mean;
        public float Old;
        public AdamScalars Scalars;

        [MethodImpl(LaneLoop.KernelOptions)]
        public readonly nuint Run<TLanes>(nuint start, nuint end)
            where TLanes : struct, ILanes<TLanes>
        {
            ref float a0 = ref MemoryMarshal.GetReference(A);
            ref float carried0 = ref MemoryMarshal.GetReference(Carried);
            ref float spread0 = ref MemoryMarshal.GetReference(Spread);
            ref float m0 = ref MemoryMarshal.GetReference(M);
            ref float v0 = ref MemoryMarshal.GetReference(V);
            TLanes mean = TLanes.All(Mean);
            TLanes old = TLanes.All(Old);
            AdamLanes<TLanes> adam = new(Scalars);
            nuint i = start;
            for (; i + TLanes.Width <= end; i += TLanes.Width)
            {
                TLanes a = TLanes.Load(ref a0, i);
                TLanes mt = TLanes.Load(ref carried0, i);
                TLanes qm = mean * mt;
                TLanes vt = old * TLanes.Abs(TLanes.Fma(qm, qm, TLanes.Load(ref spread0, i)));      // step 5
                TLanes m = adam.First(mt, a);                                                       // step 7
                TLanes v = adam.Second(vt, a);
                m.Store(ref m0, i);
                v.Store(ref v0, i);
                adam.Step(m, v).Store(ref spread0, i);                                              // step 8
            }

            return i;
        }
    }
}
