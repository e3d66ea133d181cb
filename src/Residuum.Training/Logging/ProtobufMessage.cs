using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace Residuum.Training.Logging;

/// <summary>The bytes of one protobuf message, built field by field: key = field number * 8 + wire type, then the content.</summary>
internal sealed class ProtobufMessage
{
    private const int VarintType = 0;
    private const int Fixed64Type = 1;
    private const int LengthDelimitedType = 2;
    private const int Fixed32Type = 5;

    private readonly ArrayBufferWriter<byte> _bytes = new();

    /// <summary>What was written so far.</summary>
    public ReadOnlySpan<byte> Bytes => _bytes.WrittenSpan;

    public ProtobufMessage Integer(int field, long value)
    {
        Key(field, VarintType);
        Varint(unchecked((ulong)value));
        return this;
    }

    public ProtobufMessage Double(int field, double value)
    {
        Key(field, Fixed64Type);
        BinaryPrimitives.WriteDoubleLittleEndian(_bytes.GetSpan(8), value);
        _bytes.Advance(8);
        return this;
    }

    public ProtobufMessage Float(int field, float value)
    {
        Key(field, Fixed32Type);
        BinaryPrimitives.WriteSingleLittleEndian(_bytes.GetSpan(4), value);
        _bytes.Advance(4);
        return this;
    }

    public ProtobufMessage Text(int field, string value) => Content(field, Encoding.UTF8.GetBytes(value));

    public ProtobufMessage Message(int field, ProtobufMessage value) => Content(field, value.Bytes);

    /// <summary>A repeated field of doubles in the packed form.</summary>
    public ProtobufMessage Doubles(int field, IReadOnlyList<double> values)
    {
        Key(field, LengthDelimitedType);
        Varint((ulong)values.Count * 8);
        foreach (double value in values)
        {
            BinaryPrimitives.WriteDoubleLittleEndian(_bytes.GetSpan(8), value);
            _bytes.Advance(8);
        }

        return this;
    }

    private ProtobufMessage Content(int field, ReadOnlySpan<byte> content)
    {
        Key(field, LengthDelimitedType);
        Varint((ulong)content.Length);
        _bytes.Write(content);
        return this;
    }

    private void Key(int field, int wireType) => Varint((ulong)((field << 3) | wireType));

    private void Varint(ulong value)
    {
        Span<byte> bytes = _bytes.GetSpan(10);
        int length = 0;
        for (; value >= 0x80; value >>= 7)
        {
            bytes[length++] = (byte)(value | 0x80);
        }

        bytes[length++] = (byte)value;
        _bytes.Advance(length);
    }
}
