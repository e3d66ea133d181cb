using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Residuum.Numerics;

namespace Residuum.Optimizers;

/// <summary>
/// Steps (0) to (4) of <see cref="Adam8Bit"/> for whole blocks, one block behind the other: while a block's moments are updated, those of
/// the block before, whose largest magnitudes are known by then, are coded.
/// </summary>
/// <remarks>
/// One loop for both: the arithmetic of coding runs beside Adam's root and division, and a block's largest magnitudes are found where its
/// moments are made. Codes that float32 cannot tell are searched for afterwards, by the block.
/// </remarks>
internal ref struct Adam8BitPipeline : ILaneKernel
{
    // Weights and gradients are requested from memory so many entries before they are wanted.
    private const nuint Ahead = 1024;

    private Span<float> _w;
    private ReadOnlySpan<float> _g;
    private EightBitBlocks _codesM;
    private EightBitBlocks _codesV;
    private Span<float> _m;
    private Span<float> _v;
    private AdamScalars _s;

    /// <summary>Updates weights and moments.</summary>
    /// <param name="w">The weights: two whole blocks or more.</param>
    /// <param name="g">Their gradient.</param>
    /// <param name="codesM">Their first moments as they are kept.</param>
    /// <param name="codesV">Their second moments as they are kept.</param>
    /// <param name="m">Scratch of two blocks.</param>
    /// <param name="v">Scratch of two blocks.</param>
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
        int size = codesM.Size;
        if (w.Length % size != 0 || w.Length < 2 * size || codesV.Size != size)
        {
            throw new ArgumentException($"{w.Length} entries are not two whole blocks of {size} or more.", nameof(w));
        }

        Adam8BitKernel.Run(w[..size], g[..size], codesM.Block(0), codesV.Block(0), m[..size], v[..size], scalars);
        DynamicMapBlocks.FindLargest(m[..size], codesM.Block(0));
        DynamicMapBlocks.FindLargest(v[..size], codesV.Block(0));
        Adam8BitPipeline kernel = new()
        {
            _w = w,
            _g = g[..w.Length],
            _codesM = codesM,
            _codesV = codesV,
            _m = m[..(2 * size)],
            _v = v[..(2 * size)],
            _s = scalars,
        };
        LaneLoop.Run(ref kernel, size, w.Length, FourBitBuckets.LanesFor(size));
        int last = (w.Length / size) - 1;
        DynamicMapBlocks.Quantize(DynamicMap.Signed, m.Slice(last % 2 * size, size), codesM.Block(last));
        DynamicMapBlocks.Quantize(DynamicMap.Unsigned, v.Slice(last % 2 * size, size), codesV.Block(last));
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
        nuint size = (nuint)_codesM.Size;
        nuint i = start;
        while (i < end)
        {
            int block = (int)(i / size);
            TLanes absmaxM = TLanes.All(_codesM.Absmax[block]);
            TLanes absmaxV = TLanes.All(_codesV.Absmax[block]);
            TLanes factorM = TLanes.All(1 / _codesM.Absmax[block - 1]);
            TLanes factorV = TLanes.All(1 / _codesV.Absmax[block - 1]);
            TLanes surestM = TLanes.AllBits(-1);
            TLanes surestV = TLanes.AllBits(-1);
            TLanes largestM = TLanes.All(0);
            TLanes largestV = TLanes.All(0);
            nuint here = (nuint)(block % 2) * size;
            nuint before = size - here;
            for (nuint blockEnd = i + size; i < blockEnd; i += TLanes.Width, here += TLanes.Width, before += TLanes.Width)
            {
                TLanes g = TLanes.Load(ref g0, i);
                TLanes m = adam.First(signed.Decode(TLanes.LoadBytes(ref codeM0, i)) * absmaxM, g);
                TLanes v = adam.Second(unsigned.Decode(TLanes.LoadBytes(ref codeV0, i)) * absmaxV, g);
                m.Store(ref m0, here);
                v.Store(ref v0, here);
                largestM = TLanes.Max(TLanes.Abs(m), largestM);
                largestV = TLanes.Max(TLanes.Abs(v), largestV);
                adam.Descend(TLanes.Load(ref w0, i), m, v).Store(ref w0, i);

                TLanes codeM = signed.Encode(TLanes.Load(ref m0, before) * factorM);
                TLanes codeV = unsigned.Encode(TLanes.Load(ref v0, before) * factorV);
                surestM = TLanes.MinHalves(surestM, codeM);
                surestV = TLanes.MinHalves(surestV, codeV);
                TLanes.ShiftBitsRight(codeM, 16).StoreLowBytes(ref codeM0, i - size);
                TLanes.ShiftBitsRight(codeV, 16).StoreLowBytes(ref codeV0, i - size);
                CacheLine.Request(in w0, i + Ahead);
                CacheLine.Request(in g0, i + Ahead);
            }

            Finish(block, largestM, largestV, surestM, surestV);
        }

        return i;
    }

    // By itself: the loop above is as much as the just-in-time compiler takes in at once.
    [MethodImpl(LaneLoop.KernelOptions)]
    private readonly void Finish<TLanes>(int block, TLanes largestM, TLanes largestV, TLanes surestM, TLanes surestV)
        where TLanes : struct, ILanes<TLanes>
    {
        int before = block - 1;
        int place = before % 2 * _codesM.Size;
        Mend(
            DynamicMap.Signed,
            _m.Slice(place, _codesM.Size),
            _codesM.Block(before),
            DynamicMapLanes<TLanes, SignedMap>.IsUnsure(surestM));
        Mend(
            DynamicMap.Unsigned,
            _v.Slice(place, _codesV.Size),
            _codesV.Block(before),
            DynamicMapLanes<TLanes, UnsignedMap>.IsUnsure(surestV));
        _codesM.Absmax[block] = largestM.MaxAcross();
        _codesV.Absmax[block] = largestV.MaxAcross();
    }

    // What the loop could not code: zeros, as of an embedding's tokens that have not been seen yet, a block whose largest magnitude has no
    // inverse, and one with codes that float32 cannot tell.
    private static void Mend(DynamicMap map, ReadOnlySpan<float> values, EightBitBlocks block, bool isUnsure)
    {
        float largest = block.Absmax[0];
        if (largest == 0)
        {
            block.Codes.Fill(map.Nearest(0));
        }
        else if (isUnsure || !float.IsFinite(1 / largest))
        {
            DynamicMapBlocks.Quantize(map, values, block);
        }
    }
}
