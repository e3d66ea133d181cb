using System.Buffers.Binary;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Residuum.State;

/// <summary>Writes a safetensors header with its length, padded with spaces so that the tensors begin at a multiple of 64 bytes.</summary>
internal static class SafetensorsHeaderWriter
{
    private const int Alignment = 64;
    private const int LongestHeader = 100_000_000;

    // Names stay readable in the file; nothing here is put into a page.
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static byte[] Encode(IReadOnlyList<TensorSource> tensors, IReadOnlyDictionary<string, string> metadata)
    {
        using MemoryStream buffer = new();
        buffer.Write(stackalloc byte[sizeof(ulong)]);
        using (Utf8JsonWriter writer = new(buffer, Options))
        {
            WriteObject(writer, tensors, metadata);
        }

        while (buffer.Length % Alignment != 0)
        {
            buffer.WriteByte((byte)' ');
        }

        byte[] bytes = buffer.ToArray();
        int length = bytes.Length - sizeof(ulong);
        if (length > LongestHeader)
        {
            throw new SafetensorsException(
                SafetensorsError.HeaderTooLarge, $"The header would have {length} bytes; at most {LongestHeader} are allowed.");
        }

        BinaryPrimitives.WriteUInt64LittleEndian(bytes, (ulong)length);
        return bytes;
    }

    private static void WriteObject(
        Utf8JsonWriter writer, IReadOnlyList<TensorSource> tensors, IReadOnlyDictionary<string, string> metadata)
    {
        writer.WriteStartObject();
        if (metadata.Count > 0)
        {
            writer.WriteStartObject("__metadata__");
            foreach ((string key, string value) in metadata)
            {
                writer.WriteString(key, value);
            }

            writer.WriteEndObject();
        }

        long offset = 0;
        foreach (TensorSource tensor in tensors)
        {
            writer.WriteStartObject(tensor.Name);
            writer.WriteString("dtype", tensor.TypeName);
            WriteNumbers(writer, "shape", tensor.Shape);
            long end = checked(offset + tensor.Bytes);
            WriteNumbers(writer, "data_offsets", [offset, end]);
            offset = end;
            writer.WriteEndObject();
        }

        writer.WriteEndObject();
    }

    private static void WriteNumbers(Utf8JsonWriter writer, string name, IReadOnlyList<long> numbers)
    {
        writer.WriteStartArray(name);
        foreach (long number in numbers)
        {
            writer.WriteNumberValue(number);
        }

        writer.WriteEndArray();
    }
}
