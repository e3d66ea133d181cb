using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Residuum.Numerics;

namespace Residuum.Optimizers;

/// <summary>
/// The grafting updates with a second moment: <c>v = keep v + take g^2, a = g / (sqrt(c v + inside) + outside)</c>, 0 where g is 0.
/// </summary>
internal ref struct GraftingKernel : ILaneKernel
{
    public ReadOnlySpan<float> G;
    public Span<float> V;
    public Span<float> A;
    public float Keep;
    public float Take;
    public float Correction;
    public float Inside;
    public float Outside;

    [MethodImpl(LaneLoop.KernelOptions)]
    public readonly nuint Run<TLanes>(nuint start, nuint end)
        where TLanes : struct, ILanes<TLanes>
    {
        ref float g0 = ref MemoryMarshal.GetReference(G);
        ref float v0 = ref MemoryMarshal.GetReference(V);
        ref float a0 = ref MemoryMarshal.GetReference(A);
        TLanes keep = TLanes.All(Keep);
        TLanes take = TLanes.All(Take);
        TLanes correction = TLanes.All(Correction);
        TLanes inside = TLanes.All(Inside);
        TLanes outside = TLanes.All(Outside);
        TLanes zero = TLanes.All(0);
        nuint i = start;
        for (; i + TLanes.Width <= end; i += TLanes.Width)
        {
            TLanes g = TLanes.Load(ref g0, i);
            TLanes v = TLanes.Fma(keep, TLanes.Load(ref v0, i), take * (g * g));
            v.Store(ref v0, i);
            TLanes a = g / (TLanes.Sqrt(TLanes.Fma(correction, v, inside)) + outside);
            TLanes.Select(TLanes.EqualTo(g, zero), zero, a).Store(ref a0, i);
        }

        return i;
    }
}
