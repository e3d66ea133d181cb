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
        AdamGroup group = matrix.Group;
        MomentsKernel kernel = new()
        {
            A = a,
            Carried = carried,
            Spread = spread,
            M = matrix.M,
            V = matrix.V,
            Mean = matrix.Step == 1 ? 0 : (float)(1 / matrix.Before.First),
            Old = (float)matrix.Before.Second,
            Beta1 = (float)group.Beta1,
            Rest1 = (float)(1 - group.Beta1),
            Beta2 = (float)group.Beta2,
            Rest2 = (float)(1 - group.Beta2),
            First = (float)(1 / matrix.After.First),
            Root = (float)(1 / Math.Sqrt(matrix.After.Second)),
            Epsilon = (float)group.Epsilon,
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
        public float Beta1;
        public float Rest1;
        public float Beta2;
        public float Rest2;
        public float First;
        public float Root;
        public float Epsilon;

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
            TLanes beta1 = TLanes.All(Beta1);
            TLanes rest1 = TLanes.All(Rest1);
            TLanes beta2 = TLanes.All(Beta2);
            TLanes rest2 = TLanes.All(Rest2);
            TLanes first = TLanes.All(First);
            TLanes root = TLanes.All(Root);
            TLanes epsilon = TLanes.All(Epsilon);
            nuint i = start;
            for (; i + TLanes.Width <= end; i += TLanes.Width)
            {
                TLanes a = TLanes.Load(ref a0, i);
                TLanes mt = TLanes.Load(ref carried0, i);
                TLanes qm = mean * mt;
                TLanes vt = old * TLanes.Abs(TLanes.Fma(qm, qm, TLanes.Load(ref spread0, i)));      // step 5
                TLanes m = TLanes.Fma(beta1, mt, rest1 * a);                                        // step 7
                TLanes v = TLanes.Fma(beta2, vt, rest2 * (a * a));
                m.Store(ref m0, i);
                v.Store(ref v0, i);
                (first * m / TLanes.Fma(TLanes.Sqrt(v), root, epsilon)).Store(ref spread0, i);      // step 8
            }

            return i;
        }
    }
}
