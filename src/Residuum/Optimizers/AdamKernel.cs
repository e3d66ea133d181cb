using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Residuum.Numerics;

namespace Residuum.Optimizers;

/// <summary>Adam's update of a stretch of weights and their moments. Moves 28 bytes an entry, about 14 flops.</summary>
internal ref struct AdamKernel : ILaneKernel
{
    private Span<float> _w;
    private ReadOnlySpan<float> _g;
    private Span<float> _m;
    private Span<float> _v;
    private AdamScalars _s;

    /// <summary>Updates weights and moments.</summary>
    /// <param name="w">The weights.</param>
    /// <param name="g">Their gradient.</param>
    /// <param name="m">Their first moments.</param>
    /// <param name="v">Their second moments.</param>
    /// <param name="scalars">What all entries have in common.</param>
    public static void Run(Span<float> w, ReadOnlySpan<float> g, Span<float> m, Span<float> v, AdamScalars scalars)
    {
        AdamKernel kernel = new() { _w = w, _g = g[..w.Length], _m = m[..w.Length], _v = v[..w.Length], _s = scalars };
        LaneLoop.Run(ref kernel, w.Length);
    }

    /// <inheritdoc/>
    [MethodImpl(LaneLoop.KernelOptions)]
    public readonly nuint Run<TLanes>(nuint start, nuint end)
        where TLanes : struct, ILanes<TLanes>
    {
        ref float w0 = ref MemoryMarshal.GetReference(_w);
        ref float g0 = ref MemoryMarshal.GetReference(_g);
        ref float m0 = ref MemoryMarshal.GetReference(_m);
        ref float v0 = ref MemoryMarshal.GetReference(_v);
        AdamLanes<TLanes> adam = new(_s);
        nuint i = start;
        for (; i + TLanes.Width <= end; i += TLanes.Width)
        {
            TLanes g = TLanes.Load(ref g0, i);
            TLanes m = adam.First(TLanes.Load(ref m0, i), g);
            TLanes v = adam.Second(TLanes.Load(ref v0, i), g);
            m.Store(ref m0, i);
            v.Store(ref v0, i);
            adam.Descend(TLanes.Load(ref w0, i), m, v).Store(ref w0, i);
        }

        return i;
    }
}
