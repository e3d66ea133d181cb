using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Residuum.Numerics;

namespace Residuum.Optimizers;

/// <summary>
/// Steps (0) to (3) of <see cref="Adam8Bit"/>: takes moments from their codes, updates them and the weights, and leaves them in float32.
/// </summary>
/// <remarks>
/// One loop rather than three: the arithmetic of the codes runs beside Adam's root and division, which take as long. The codes stay as they
/// are.
/// </remarks>
internal ref struct Adam8BitKernel : ILaneKernel
{
    private Span<float> _w;
    private ReadOnlySpan<float> _g;
    private EightBitBlocks _codesM;
    private EightBitBlocks _codesV;
    private Span<float> _m;
    private Span<float> _v;
    private AdamScalars _s;

    /// <summary>Updates weights and makes their new moments.</summary>
    /// <param name="w">The weights, from the beginning of a block.</param>
    /// <param name="g">Their gradient.</param>
    /// <param name="codesM">Their first moments as they are kept.</param>
    /// <param name="codesV">Their second moments as they are kept.</param>
    /// <param name="m">The new first moments.</param>
    /// <param name="v">The new second moments.</param>
    /// <param name="scalars">What all entries have in common.</param>
    public static void Run(
        Span<float> w,
        ReadOnlySpan<float> g,
        EightBitBlocks codesM,
        EightBitBlocks codesV,
        Span<float> m,
        Span<float> v,
        AdamScalars scalars)
    {
        codesM.Check(w.Length);
        codesV.Check(w.Length);
        Adam8BitKernel kernel = new()
        {
            _w = w,
            _g = g[..w.Length],
            _codesM = codesM,
            _codesV = codesV,
            _m = m[..w.Length],
            _v = v[..w.Length],
            _s = scalars,
        };
        LaneLoop.Run(ref kernel, w.Length, FourBitBuckets.LanesFor(codesM.Size));
    }

    /// <inheritdoc/>
    [MethodImpl(LaneLoop.KernelOptions)]
    public readonly nuint Run<TLanes>(nuint start, nuint end)
        where TLanes : struct, ILanes<TLanes>
    {
        ref float w0 = ref MemoryMarshal.GetReference(_w);
        ref float g0 = ref MemoryMarshal.GetReference(_g);
        ref byte codeM0 = ref MemoryMarshal.GetReference(_codesM.Codes);
        ref byte codeV0 = ref MemoryMarshal.GetReference(_codesV.Codes);
        ref float m0 = ref MemoryMarshal.GetReference(_m);
        ref float v0 = ref MemoryMarshal.GetReference(_v);
        AdamLanes<TLanes> adam = new(_s);
        DynamicMapLanes<TLanes, SignedMap> signed = new();
        DynamicMapLanes<TLanes, UnsignedMap> unsigned = new();
        nuint blockSize = (nuint)_codesM.Size;
        nuint i = start;
        while (i + TLanes.Width <= end)
        {
            int block = (int)(i / blockSize);
            nuint blockEnd = Math.Min(((nuint)block + 1) * blockSize, end);
            TLanes absmaxM = TLanes.All(_codesM.Absmax[block]);
            TLanes absmaxV = TLanes.All(_codesV.Absmax[block]);
            nuint first = i;
            for (; i + TLanes.Width <= blockEnd; i += TLanes.Width)
            {
                TLanes g = TLanes.Load(ref g0, i);
                TLanes m = adam.First(signed.Decode(TLanes.LoadBytes(ref codeM0, i)) * absmaxM, g);
                TLanes v = adam.Second(unsigned.Decode(TLanes.LoadBytes(ref codeV0, i)) * absmaxV, g);
                m.Store(ref m0, i);
                v.Store(ref v0, i);
                adam.Descend(TLanes.Load(ref w0, i), m, v).Store(ref w0, i);
            }

            if (i == first)
            {
                break;
            }
        }

        return i;
    }
}
