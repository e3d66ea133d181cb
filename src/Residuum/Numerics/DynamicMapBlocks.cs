using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Residuum.Numerics;

/// <summary>The kernels of the 8-bit block-wise quantizer (methods page of the baselines, section 4).</summary>
/// <remarks>Element i of a span belongs to block i / size: spans begin where a block begins.</remarks>
internal static class DynamicMapBlocks
{
    /// <summary><c>value = entry of the code * absmax of the block</c>.</summary>
    /// <remarks>Moves 5 bytes an element, about 8 flops.</remarks>
    public static void Dequantize(DynamicMap map, ReadOnlySpan<byte> codes, ReadOnlySpan<float> absmax, Span<float> values, int blockSize)
    {
        Check(values.Length, codes.Length, absmax.Length, blockSize);
        DequantizeKernel kernel = new() { Map = map, Codes = codes, Absmax = absmax, Values = values, BlockSize = (nuint)blockSize };
        LaneLoop.Run(ref kernel, values.Length, FourBitBuckets.LanesFor(blockSize));
    }

    /// <summary>The largest magnitude of each block and, of each element divided by it, the code of the nearest entry.</summary>
    /// <remarks>Moves 9 bytes an element, about 30 flops. A block of zeros has absmax 0 and the code of 0.</remarks>
    public static void Quantize(DynamicMap map, ReadOnlySpan<float> values, Span<byte> codes, Span<float> absmax, int blockSize)
    {
        Check(values.Length, codes.Length, absmax.Length, blockSize);
        int lanes = FourBitBuckets.LanesFor(blockSize);
        switch (lanes)
        {
            case 16:
                LargestMagnitudes<Lanes16>(values, absmax, blockSize);
                break;
            case 8:
                LargestMagnitudes<Lanes8>(values, absmax, blockSize);
                break;
            default:
                LargestMagnitudes<Lanes1>(values, absmax, blockSize);
                break;
        }

        QuantizeKernel kernel = new() { Map = map, Values = values, Absmax = absmax, Codes = codes, BlockSize = (nuint)blockSize };
        LaneLoop.Run(ref kernel, values.Length, lanes);
    }

    [MethodImpl(LaneLoop.KernelOptions)]
    private static void LargestMagnitudes<TLanes>(ReadOnlySpan<float> values, Span<float> absmax, int blockSize)
        where TLanes : struct, ILanes<TLanes>
    {
        ref float x0 = ref MemoryMarshal.GetReference(values);
        nuint i = 0;
        for (int block = 0; block < absmax.Length; block++)
        {
            nuint end = Math.Min(i + (nuint)blockSize, (nuint)values.Length);
            TLanes maximum = TLanes.All(0);
            for (; i + TLanes.Width <= end; i += TLanes.Width)
            {
                maximum = TLanes.Max(TLanes.Abs(TLanes.Load(ref x0, i)), maximum);
            }

            float largest = maximum.MaxAcross();
            for (; i < end; i++)
            {
                float magnitude = MathF.Abs(Unsafe.Add(ref x0, i));
                largest = magnitude > largest ? magnitude : largest;
            }

            absmax[block] = largest;
        }
    }

    private static void Check(int length, int codes, int blocks, int blockSize)
    {
        if (codes != length)
        {
            throw new ArgumentException($"{length} values need as many codes, but there are {codes}.", nameof(codes));
        }

        if (blocks != ((long)length + blockSize - 1) / blockSize)
        {
            throw new ArgumentException($"{length} values in blocks of {blockSize} need {((long)length + blockSize - 1) / blockSize} maxima, but there are {blocks}.", nameof(blocks));
        }
    }

    private ref struct DequantizeKernel : ILaneKernel
    {
        public DynamicMap Map;
        public ReadOnlySpan<byte> Codes;
        public ReadOnlySpan<float> Absmax;
        public Span<float> Values;
        public nuint BlockSize;

        [MethodImpl(LaneLoop.KernelOptions)]
        public readonly nuint Run<TLanes>(nuint start, nuint end)
            where TLanes : struct, ILanes<TLanes>
        {
            ref byte code0 = ref MemoryMarshal.GetReference(Codes);
            ref float x0 = ref MemoryMarshal.GetReference(Values);
            DynamicMap map = Map;
            nuint i = start;
            while (i + TLanes.Width <= end)
            {
                int block = (int)(i / BlockSize);
                nuint blockEnd = Math.Min(((nuint)block + 1) * BlockSize, end);
                TLanes absmax = TLanes.All(Absmax[block]);
                nuint first = i;
                for (; i + TLanes.Width <= blockEnd; i += TLanes.Width)
                {
                    (map.Decode(TLanes.LoadBytes(ref code0, i)) * absmax).Store(ref x0, i);
                }

                if (i == first)
                {
                    break;
                }
            }

            return i;
        }
    }

    private ref struct QuantizeKernel : ILaneKernel
    {
        public DynamicMap Map;
        public ReadOnlySpan<float> Values;
        public ReadOnlySpan<float> Absmax;
        public Span<byte> Codes;
        public nuint BlockSize;

        [MethodImpl(LaneLoop.KernelOptions)]
        public readonly nuint Run<TLanes>(nuint start, nuint end)
            where TLanes : struct, ILanes<TLanes>
        {
            ref float x0 = ref MemoryMarshal.GetReference(Values);
            ref byte code0 = ref MemoryMarshal.GetReference(Codes);
            DynamicMap map = Map;
            nuint i = start;
            while (i + TLanes.Width <= end)
            {
                int block = (int)(i / BlockSize);
                nuint blockEnd = Math.Min(((nuint)block + 1) * BlockSize, end);
                TLanes absmax = TLanes.All(Absmax[block]);
                nuint first = i;
                for (; i + TLanes.Width <= blockEnd; i += TLanes.Width)
                {
                    map.Encode(TLanes.Load(ref x0, i) / absmax).StoreBytes(ref code0, i);
                }

                if (i == first)
                {
                    break;
                }
            }

            return i;
        }
    }
}
