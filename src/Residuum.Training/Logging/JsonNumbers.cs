using System.Text.Json;
using System.Text.Json.Nodes;

namespace Residuum.Training.Logging;

/// <summary>Numbers in JSON, which has none for NaN and infinity: these become the strings "NaN", "Infinity" and "-Infinity".</summary>
public static class JsonNumbers
{
    /// <summary>Writes a property whose value is a number, or a string if the number is not finite.</summary>
    /// <param name="writer">Where to write.</param>
    /// <param name="name">The property's name.</param>
    /// <param name="value">The value.</param>
    public static void Write(Utf8JsonWriter writer, string name, double value)
    {
        ArgumentNullException.ThrowIfNull(writer);
        if (double.IsFinite(value))
        {
            writer.WriteNumber(name, value);
        }
        else
        {
            writer.WriteString(name, NameOf(value));
        }
    }

    /// <summary>The number as a JSON value, or a string if the number is not finite.</summary>
    /// <param name="value">The value.</param>
    public static JsonValue Value(double value) => double.IsFinite(value) ? JsonValue.Create(value) : JsonValue.Create(NameOf(value))!;

    private static string NameOf(double value) => double.IsNaN(value) ? "NaN" : value > 0 ? "Infinity" : "-Infinity";
}
