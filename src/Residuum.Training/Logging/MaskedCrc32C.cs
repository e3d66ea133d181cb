using System.Buffers.Binary;
using System.Numerics;

namespace Residuum.Training.Logging;

/// <summary>The checksum of event file records: CRC-32C (Castagnoli), masked because records may hold checksums themselves.</summary>
internal static class MaskedCrc32C
{
    private const uint MaskDelta = 0xA282EAD8;

    /// <summary>CRC-32C with initial value and final exclusive-or 0xFFFFFFFF.</summary>
    public static uint Crc(ReadOnlySpan<byte> data)
    {
        uint register = 0xFFFFFFFF;
        for (; data.Length >= 8; data = data[8..])
        {
            register = BitOperations.Crc32C(register, BinaryPrimitives.ReadUInt64LittleEndian(data));
        }

        foreach (byte rest in data)
        {
            register = BitOperations.Crc32C(register, rest);
        }

        return ~register;
    }

    /// <summary>Rotated right by 15 bits, plus a constant.</summary>
    public static uint Of(ReadOnlySpan<byte> data) => unchecked(BitOperations.RotateRight(Crc(data), 15) + MaskDelta);
}
