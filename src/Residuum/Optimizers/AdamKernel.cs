using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Residuum.Numerics;

namespace Residuum.Optimizers;

/// <summary>Adam's update of a stretch of weights and their moments: equations (1) to (3) of <see cref="AdamW"/>.</summary>
internal ref struct AdamKernel : ILaneKernel
{
    private Span<float> _w;
    private ReadOnlySpan<float> _g;
    private Span<float> _m;
    private Span<float> _v;
    private AdamScalars _s;

    /// <summary>Updates weights and moments. Moves 28 bytes an entry, about 14 flops.</summary>
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
        TLanes beta1 = TLanes.All(_s.Beta1);
        TLanes rest1 = TLanes.All(_s.Rest1);
        TLanes beta2 = TLanes.All(_s.Beta2);
        TLanes rest2 = TLanes.All(_s.Rest2);
        TLanes eta = TLanes.All(_s.Eta);
        TLanes root = TLanes.All(_s.Root);
        TLanes epsilon = TLanes.All(_s.Epsilon);
        TLanes decay = TLanes.All(_s.Decay);
        nuint i = start;
        for (; i + TLanes.Width <= end; i += TLanes.Width)
        {
            TLanes g = TLanes.Load(ref g0, i);
            TLanes m = TLanes.Fma(beta1, TLanes.Load(ref m0, i), rest1 * g);            // (1)
            TLanes v = TLanes.Fma(beta2, TLanes.Load(ref v0, i), rest2 * (g * g));      // (2)
            m.Store(ref m0, i);
            v.Store(ref v0, i);
            TLanes step = eta * m / TLanes.Fma(TLanes.Sqrt(v), root, epsilon);          // eta and root hold the bias corrections
            ((decay * TLanes.Load(ref w0, i)) - step).Store(ref w0, i);                 // (3)
        }

        return i;
    }
}
