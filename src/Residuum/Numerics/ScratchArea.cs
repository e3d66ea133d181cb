using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Residuum.Numerics;

/// <summary>One worker's scratch, handed out piece by piece.</summary>
/// <param name="memory">What is left of it.</param>
internal ref struct ScratchArea(Span<byte> memory)
{
    private const int Line = 64;

    private Span<byte> _rest = memory;

    /// <summary>The bytes that <see cref="Take"/> uses up for an array: whole cache lines.</summary>
    public static long BytesOf<T>(long count)
        where T : unmanaged => checked((count * Unsafe.SizeOf<T>()) + Line - 1) / Line * Line;

    /// <summary>The next array. Its content is arbitrary.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The area is used up.</exception>
    public Span<T> Take<T>(int count)
        where T : unmanaged
    {
        int bytes = (int)BytesOf<T>(count);
        Span<T> array = MemoryMarshal.Cast<byte, T>(_rest[..bytes])[..count];
        _rest = _rest[bytes..];
        return array;
    }
}
