using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Residuum.State;

/// <summary>A field whose memory has the order of the file.</summary>
internal sealed class MemoryField<T> : StateField
    where T : unmanaged
{
    // Streams take spans of at most 2^31 - 1 bytes; a field may be longer.
    private const int ChunkElements = 1 << 20;

    private readonly Memory<T> _memory;

    public MemoryField(string name, FieldSpec spec, Memory<T> memory)
        : base(name, spec)
    {
        long bytes = (long)memory.Length * Unsafe.SizeOf<T>();
        if (bytes != spec.Bytes)
        {
            throw new ArgumentException(
                $"State field '{name}' should hold {spec.Bytes} bytes, but its memory has {bytes}.", nameof(memory));
        }

        _memory = memory;
    }

    public override void Write(Stream destination)
    {
        for (long start = 0; start < _memory.Length; start += ChunkElements)
        {
            Span<T> chunk = _memory.Span[(int)start..(int)Math.Min(start + ChunkElements, _memory.Length)];
            destination.Write(MemoryMarshal.AsBytes(chunk));
        }
    }

    public override void Read(Stream source)
    {
        for (long start = 0; start < _memory.Length; start += ChunkElements)
        {
            Span<T> chunk = _memory.Span[(int)start..(int)Math.Min(start + ChunkElements, _memory.Length)];
            source.ReadExactly(MemoryMarshal.AsBytes(chunk));
        }
    }

    public override string? Check(Stream source)
    {
        if (!Spec.IsCounter)
        {
            return null;
        }

        Span<byte> bytes = stackalloc byte[sizeof(long)];
        source.ReadExactly(bytes);
        long count = BinaryPrimitives.ReadInt64LittleEndian(bytes);
        return count >= 0 && count < Spec.CounterEnd ? null : $"is {count}, but must be at least 0 and less than {Spec.CounterEnd}";
    }
}
