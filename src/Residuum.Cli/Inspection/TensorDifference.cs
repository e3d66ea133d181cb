using System.Runtime.InteropServices;
using Residuum.State;

namespace Residuum.Cli.Inspection;

/// <summary>How two tensors of the same type and shape differ.</summary>
/// <param name="Elements">How many elements have other bits.</param>
/// <param name="Largest">The largest absolute difference of their values; null for types whose values this library does not decode.</param>
internal readonly record struct TensorDifference(long Elements, double? Largest)
{
    private const int ChunkBytes = 1 << 20;

    /// <summary>Reads both, a chunk at a time, and compares.</summary>
    public static TensorDifference Between(SafetensorsFile first, SafetensorsFile second, TensorInfo tensor)
    {
        // Types smaller than a byte or unknown are compared byte by byte.
        int elementBytes = tensor.Type?.ByteSize ?? 1;
        byte[] a = new byte[(int)Math.Min(ChunkBytes, tensor.Bytes)];
        byte[] b = new byte[a.Length];
        using Stream one = first.OpenTensor(tensor.Name);
        using Stream other = second.OpenTensor(tensor.Name);
        long elements = 0;
        double largest = 0;
        for (long left = tensor.Bytes; left > 0; left -= a.Length)
        {
            Span<byte> chunkA = a.AsSpan(0, (int)Math.Min(a.Length, left));
            Span<byte> chunkB = b.AsSpan(0, chunkA.Length);
            one.ReadExactly(chunkA);
            other.ReadExactly(chunkB);
            if (chunkA.SequenceEqual(chunkB))
            {
                continue;
            }

            for (int start = 0; start < chunkA.Length; start += elementBytes)
            {
                ReadOnlySpan<byte> x = chunkA.Slice(start, elementBytes);
                ReadOnlySpan<byte> y = chunkB.Slice(start, elementBytes);
                if (!x.SequenceEqual(y))
                {
                    elements++;
                    largest = Math.Max(largest, Math.Abs(Value(x, tensor.Type) - Value(y, tensor.Type)));
                }
            }
        }

        return new TensorDifference(elements, tensor.Type is null ? null : largest);
    }

    private static double Value(ReadOnlySpan<byte> bytes, ElementType? type) => type switch
    {
        ElementType.F32 => MemoryMarshal.Read<float>(bytes),
        ElementType.F64 => MemoryMarshal.Read<double>(bytes),
        ElementType.F16 => (double)MemoryMarshal.Read<Half>(bytes),
        ElementType.BF16 => BitConverter.UInt32BitsToSingle((uint)MemoryMarshal.Read<ushort>(bytes) << 16),
        ElementType.I8 => (sbyte)bytes[0],
        ElementType.U16 => MemoryMarshal.Read<ushort>(bytes),
        ElementType.I16 => MemoryMarshal.Read<short>(bytes),
        ElementType.U32 => MemoryMarshal.Read<uint>(bytes),
        ElementType.I32 => MemoryMarshal.Read<int>(bytes),
        ElementType.I64 => MemoryMarshal.Read<long>(bytes),
        ElementType.U64 => MemoryMarshal.Read<ulong>(bytes),
        _ => bytes[0],
    };
}
