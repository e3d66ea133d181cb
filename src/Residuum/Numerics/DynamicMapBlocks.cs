using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Residuum.Numerics;

/// <summary>The kernels of the 8-bit block-wise quantizer (methods page of the baselines, section 4).</summary>
/// <remarks>Element i of a span belongs to block i / size: spans begin where a block begins.</remarks>
internal static class DynamicMapBlocks
{
    /// <summary><c>value = entry of the code * absmax of the block</c>.</summary>
    /// <remarks>Moves 5 bytes an element, about 8 flops.</remarks>
    public static void Dequantize(DynamicMap map, EightBitBlocks blocks, Span<float> values)
    {
        blocks.Check(values.Length);
        if (map.IsSigned)
        {
            DequantizeKernel<SignedMap> kernel = new() { Blocks = blocks, Values = values };
            LaneLoop.Run(ref kernel, values.Length, FourBitBuckets.LanesFor(blocks.Size));
        }
        else
        {
            DequantizeKernel<UnsignedMap> kernel = new() { Blocks = blocks, Values = values };
            LaneLoop.Run(ref kernel, values.Length, FourBitBuckets.LanesFor(blocks.Size));
        }
    }

    /// <summary>The largest magnitude of each block and, of each element divided by it, the code of the nearest entry.</summary>
    /// <remarks>
    /// Moves 9 bytes an element, about 10 flops. Division is by the inverse, where absmax has one: within a unit in the last place. A block
    /// of zeros has absmax 0 and the code of 0.
    /// </remarks>
    /// <param name="map">The entries.</param>
    /// <param name="values">The numbers, from the beginning of a block.</param>
    /// <param name="blocks">Where codes and maxima go.</param>
    public static void Quantize(DynamicMap map, ReadOnlySpan<float> values, EightBitBlocks blocks)
    {
        FindLargest(values, blocks);
        int lanes = FourBitBuckets.LanesFor(blocks.Size);
        if (map.IsSigned)
        {
            QuantizeKernel<SignedMap> kernel = new() { Values = values, Blocks = blocks };
            LaneLoop.Run(ref kernel, values.Length, lanes);
        }
        else
        {
            QuantizeKernel<UnsignedMap> kernel = new() { Values = values, Blocks = blocks };
            LaneLoop.Run(ref kernel, values.Length, lanes);
        }
    }

    /// <summary>The largest magnitude of each block.</summary>
    /// <param name="values">The numbers, from the beginning of a block.</param>
    /// <param name="blocks">Where the maxima go.</param>
    public static void FindLargest(ReadOnlySpan<float> values, EightBitBlocks blocks)
    {
        blocks.Check(values.Length);
        switch (FourBitBuckets.LanesFor(blocks.Size))
        {
            case 16:
                LargestMagnitudes<Lanes16>(values, blocks.Absmax, blocks.Size);
                break;
            case 8:
                LargestMagnitudes<Lanes8>(values, blocks.Absmax, blocks.Size);
                break;
            default:
                LargestMagnitudes<Lanes1>(values, blocks.Absmax, blocks.Size);
                break;
        }
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

    private ref struct DequantizeKernel<TMap> : ILaneKernel
        where TMap : struct, IMapSign
    {
        public EightBitBlocks Blocks;
        public Span<float> Values;

        [MethodImpl(LaneLoop.KernelOptions)]
        public readonly nuint Run<TLanes>(nuint start, nuint end)
            where TLanes : struct, ILanes<TLanes>
        {
            ref byte code0 = ref MemoryMarshal.GetReference(Blocks.Codes);
            ref float x0 = ref MemoryMarshal.GetReference(Values);
            DynamicMapLanes<TLanes, TMap> map = new();
            nuint blockSize = (nuint)Blocks.Size;
            nuint i = start;
            while (i + TLanes.Width <= end)
            {
                int block = (int)(i / blockSize);
                nuint blockEnd = Math.Min(((nuint)block + 1) * blockSize, end);
                TLanes absmax = TLanes.All(Blocks.Absmax[block]);
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

    private ref struct QuantizeKernel<TMap> : ILaneKernel
        where TMap : struct, IMapSign
    {
        public ReadOnlySpan<float> Values;
        public EightBitBlocks Blocks;

        [MethodImpl(LaneLoop.KernelOptions)]
        public readonly nuint Run<TLanes>(nuint start, nuint end)
            where TLanes : struct, ILanes<TLanes>
        {
            ref float x0 = ref MemoryMarshal.GetReference(Values);
            ref byte code0 = ref MemoryMarshal.GetReference(Blocks.Codes);
            DynamicMapLanes<TLanes, TMap> map = new();
            nuint blockSize = (nuint)Blocks.Size;
            nuint i = start;
            while (i + TLanes.Width <= end)
            {
                int block = (int)(i / blockSize);
                nuint blockEnd = Math.Min(((nuint)block + 1) * blockSize, end);
                float absmax = Blocks.Absmax[block];
                float inverse = 1 / absmax;
                TLanes factor = TLanes.All(inverse);
                TLanes surest = TLanes.AllBits(-1);
                nuint first = i;
                for (; i + TLanes.Width <= blockEnd; i += TLanes.Width)
                {
                    TLanes code = map.Encode(TLanes.Load(ref x0, i) * factor);
                    surest = TLanes.MinHalves(surest, code);
                    TLanes.ShiftBitsRight(code, 16).StoreLowBytes(ref code0, i);
                }

                // Absmax may be too small for an inverse; it is 0 where an embedding's tokens have not been seen yet.
                if (absmax == 0)
                {
                    Blocks.Codes[(int)first..(int)i].Fill(TMap.Map.Nearest(0));
                }
                else if (!float.IsFinite(inverse))
                {
                    Search(first, i, absmax, 1);
                }
                else if (DynamicMapLanes<TLanes, TMap>.IsUnsure(surest))
                {
                    SearchUnsure<TLanes>(first, i, inverse);
                }

                if (i == first)
                {
                    break;
                }
            }

            return i;
        }

        // The registers of a block that have an element near the middle of two entries: one block in a hundred has any.
        [MethodImpl(LaneLoop.KernelOptions)]
        private readonly void SearchUnsure<TLanes>(nuint start, nuint end, float inverse)
            where TLanes : struct, ILanes<TLanes>
        {
            ref float x0 = ref MemoryMarshal.GetReference(Values);
            DynamicMapLanes<TLanes, TMap> map = new();
            for (nuint i = start; i < end; i += TLanes.Width)
            {
                if (DynamicMapLanes<TLanes, TMap>.IsUnsure(map.Encode(TLanes.Load(ref x0, i) * TLanes.All(inverse))))
                {
                    Search(i, i + TLanes.Width, 1, inverse);
                }
            }
        }

        private readonly void Search(nuint start, nuint end, float divisor, float factor)
        {
            for (int i = (int)start; i < (int)end; i++)
            {
                Blocks.Codes[i] = TMap.Map.Nearest(Values[i] / divisor * factor);
            }
        }
    }
}
