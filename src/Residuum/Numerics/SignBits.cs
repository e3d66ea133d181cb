using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Residuum.Numerics;

/// <summary>The signs of an array, a bit an entry: set where it is at least 0 (so of a negative zero, too), lowest bit first.</summary>
/// <remarks>Reads 4 bytes an entry and writes an eighth; the other way round reads and writes 4 bytes.</remarks>
internal static class SignBits
{
    private const int Eight = 8;

    /// <summary>The bytes of so many signs.</summary>
    public static long BytesOf(int length) => (length + 7L) / Eight;

    /// <summary>Writes the signs.</summary>
    /// <param name="values">The array.</param>
    /// <param name="bits"><see cref="BytesOf"/> bytes.</param>
    /// <exception cref="ArgumentException">There are not as many bytes.</exception>
    [MethodImpl(LaneLoop.KernelOptions)]
    public static void Pack(ReadOnlySpan<float> values, Span<byte> bits)
    {
        RequireFit(values.Length, bits.Length);
        ref float x0 = ref MemoryMarshal.GetReference(values);
        int whole = SimdWidth.Lanes > 1 ? values.Length / Eight : 0;
        for (int i = 0; i < whole; i++)
        {
            Vector256<float> x = Vector256.LoadUnsafe(ref x0, (nuint)Eight * (nuint)i);
            bits[i] = (byte)Vector256.GreaterThanOrEqual(x, Vector256<float>.Zero).ExtractMostSignificantBits();
        }

        for (int i = whole; i < bits.Length; i++)
        {
            int eight = 0;
            ReadOnlySpan<float> entries = values.Slice(Eight * i, Math.Min(Eight, values.Length - (Eight * i)));
            for (int bit = 0; bit < entries.Length; bit++)
            {
                eight |= entries[bit] >= 0 ? 1 << bit : 0;
            }

            bits[i] = (byte)eight;
        }
    }

    /// <summary>Adds a number to each entry where the bit is set, and subtracts it elsewhere.</summary>
    /// <param name="bits"><see cref="BytesOf"/> bytes.</param>
    /// <param name="scale">The number.</param>
    /// <param name="target">The array.</param>
    /// <exception cref="ArgumentException">There are not as many bytes.</exception>
    [MethodImpl(LaneLoop.KernelOptions)]
    public static void Add(ReadOnlySpan<byte> bits, float scale, Span<float> target)
    {
        RequireFit(target.Length, bits.Length);
        ref float x0 = ref MemoryMarshal.GetReference(target);
        Vector256<int> ofLane = Vector256.Create(1, 2, 4, 8, 16, 32, 64, 128);
        Vector256<float> plus = Vector256.Create(scale);
        int whole = SimdWidth.Lanes > 1 ? target.Length / Eight : 0;
        for (int i = 0; i < whole; i++)
        {
            nuint first = (nuint)Eight * (nuint)i;
            Vector256<float> isSet = Vector256.Equals(Vector256.Create((int)bits[i]) & ofLane, ofLane).AsSingle();
            (Vector256.LoadUnsafe(ref x0, first) + Vector256.ConditionalSelect(isSet, plus, -plus)).StoreUnsafe(ref x0, first);
        }

        for (int i = Eight * whole; i < target.Length; i++)
        {
            target[i] += (bits[i / Eight] >> (i % Eight) & 1) != 0 ? scale : -scale;
        }
    }

    private static void RequireFit(int entries, int bytes)
    {
        if (bytes != BytesOf(entries))
        {
            throw new ArgumentException($"The signs of {entries} entries take {BytesOf(entries)} bytes, not {bytes}.", nameof(bytes));
        }
    }
}
