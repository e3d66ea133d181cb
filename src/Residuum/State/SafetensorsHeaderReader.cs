using System.Globalization;
using System.Text.Json;
using System.Text.Unicode;

namespace Residuum.State;

/// <summary>
/// Reads a safetensors header: UTF-8 JSON with no other members and types than the format knows, nothing twice, nothing deep.
/// </summary>
internal static class SafetensorsHeaderReader
{
    // Header object, tensor object, array: 3. The limit bounds what nested brackets can cost.
    private const int MaxDepth = 8;

    /// <summary>What a header says of one tensor, before any of it is checked against the rest.</summary>
    public sealed record Entry(string Name, SafetensorsType Type, IReadOnlyList<ulong> Shape, ulong Begin, ulong End);

    /// <summary>Reads a header; the only reason to refuse it here is <see cref="SafetensorsError.InvalidHeader"/>.</summary>
    public static (List<Entry> Tensors, Dictionary<string, string> Metadata) Read(ReadOnlySpan<byte> header)
    {
        if (header.IsEmpty || header[0] != (byte)'{')
        {
            throw Invalid("it does not begin with '{'");
        }

        if (!Utf8.IsValid(header))
        {
            throw Invalid("it is not valid UTF-8");
        }

        try
        {
            return ReadObject(header);
        }
        catch (JsonException exception)
        {
            throw Invalid($"it is not valid JSON: {exception.Message}", exception);
        }
        catch (InvalidOperationException exception)
        {
            // A string holds half a surrogate pair as an escape.
            throw Invalid($"it is not valid JSON: {exception.Message}", exception);
        }
    }

    private static (List<Entry> Tensors, Dictionary<string, string> Metadata) ReadObject(ReadOnlySpan<byte> header)
    {
        Utf8JsonReader reader = new(header, new JsonReaderOptions { MaxDepth = MaxDepth });
        List<Entry> tensors = [];
        Dictionary<string, string>? metadata = null;
        HashSet<string> names = new(StringComparer.Ordinal);
        reader.Read();
        while (NextName(ref reader, "the header") is string name)
        {
            if (!names.Add(name))
            {
                throw Invalid($"'{name}' occurs twice");
            }

            if (name == "__metadata__")
            {
                metadata = ReadMetadata(ref reader);
            }
            else
            {
                tensors.Add(ReadTensor(ref reader, name));
            }
        }

        // Nothing may follow but white space; the reader throws if anything does.
        reader.Read();
        return (tensors, metadata ?? []);
    }

    private static Dictionary<string, string> ReadMetadata(ref Utf8JsonReader reader)
    {
        ReadToken(ref reader, JsonTokenType.StartObject, "'__metadata__'");
        Dictionary<string, string> metadata = new(StringComparer.Ordinal);
        while (NextName(ref reader, "'__metadata__'") is string key)
        {
            ReadToken(ref reader, JsonTokenType.String, $"the metadata '{key}'");
            if (!metadata.TryAdd(key, reader.GetString()!))
            {
                throw Invalid($"the metadata '{key}' occurs twice");
            }
        }

        return metadata;
    }

    private static Entry ReadTensor(ref Utf8JsonReader reader, string name)
    {
        string subject = $"the tensor '{name}'";
        ReadToken(ref reader, JsonTokenType.StartObject, subject);
        SafetensorsType? type = null;
        List<ulong>? shape = null;
        List<ulong>? offsets = null;
        while (NextName(ref reader, subject) is string member)
        {
            switch (member)
            {
                case "dtype" when type is null:
                    ReadToken(ref reader, JsonTokenType.String, $"'dtype' of {subject}");
                    string typeName = reader.GetString()!;
                    type = SafetensorsType.Find(typeName) ?? throw Invalid($"{subject} has the unknown type '{typeName}'");
                    break;
                case "shape" when shape is null:
                    shape = ReadNumbers(ref reader, $"'shape' of {subject}");
                    break;
                case "data_offsets" when offsets is null:
                    offsets = ReadNumbers(ref reader, $"'data_offsets' of {subject}");
                    break;
                default:
                    throw Invalid($"{subject} has the member '{member}', which is unknown or there twice");
            }
        }

        if (type is null || shape is null || offsets is not [ulong begin, ulong end])
        {
            throw Invalid($"{subject} does not have a 'dtype', a 'shape' and two 'data_offsets'");
        }

        return new Entry(name, type, shape, begin, end);
    }

    private static List<ulong> ReadNumbers(ref Utf8JsonReader reader, string subject)
    {
        ReadToken(ref reader, JsonTokenType.StartArray, subject);
        List<ulong> numbers = [];
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            // Digits alone: no sign, fraction or exponent.
            if (reader.TokenType != JsonTokenType.Number ||
                !ulong.TryParse(reader.ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture, out ulong number))
            {
                throw Invalid($"{subject} holds something else than whole numbers of at most 64 bits");
            }

            numbers.Add(number);
        }

        return numbers;
    }

    private static string? NextName(ref Utf8JsonReader reader, string subject)
    {
        reader.Read();
        return reader.TokenType switch
        {
            JsonTokenType.PropertyName => reader.GetString(),
            JsonTokenType.EndObject => null,
            _ => throw Invalid($"{subject} is not closed"),
        };
    }

    private static void ReadToken(ref Utf8JsonReader reader, JsonTokenType expected, string subject)
    {
        reader.Read();
        if (reader.TokenType != expected)
        {
            throw Invalid($"{subject} is {reader.TokenType} where {expected} is right");
        }
    }

    private static SafetensorsException Invalid(string what, Exception? inner = null) =>
        new(SafetensorsError.InvalidHeader, $"The header is not that of a safetensors file: {what}.", inner);
}
