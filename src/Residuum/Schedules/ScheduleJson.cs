using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Residuum.Schedules;

/// <summary>
/// Schedules as JSON objects: the kind and, flat beside it, the settings; the schedules inside a warm-up or a sequence are nested.
/// </summary>
internal static class ScheduleJson
{
    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false, MaxDepth = 32 };

    public static string Write(Schedule schedule)
    {
        using MemoryStream buffer = new();
        using (Utf8JsonWriter writer = new(buffer))
        {
            Write(writer, schedule);
        }

        return Encoding.UTF8.GetString(buffer.ToArray());
    }

    public static Schedule Read(string json)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(json, Strict);
            return Read(document.RootElement);
        }
        catch (JsonException exception)
        {
            throw new FormatException($"The schedule is not valid JSON: {exception.Message}", exception);
        }
    }

    private static void Write(Utf8JsonWriter writer, Schedule schedule)
    {
        writer.WriteStartObject();
        writer.WriteString("kind", schedule.Kind);
        foreach ((string name, string value) in schedule.Settings)
        {
            writer.WritePropertyName(name);
            if (value is "true" or "false" || double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out _))
            {
                writer.WriteRawValue(value);
            }
            else
            {
                writer.WriteStringValue(value);
            }
        }

        if (schedule is WarmUpSchedule warmUp)
        {
            writer.WritePropertyName("next");
            Write(writer, warmUp.Next);
        }

        if (schedule is SequentialSchedule sequence)
        {
            writer.WriteStartArray("schedules");
            foreach (Schedule part in sequence.Schedules)
            {
                Write(writer, part);
            }

            writer.WriteEndArray();
        }

        writer.WriteEndObject();
    }

    private static Schedule Read(JsonElement element)
    {
        if (element.ValueKind != JsonValueKind.Object)
        {
            throw new FormatException($"A schedule in JSON is an object, but this is {element.ValueKind}.");
        }

        string? kind = null;
        Dictionary<string, string> values = [];
        List<Schedule> nested = [];
        foreach (JsonProperty property in element.EnumerateObject())
        {
            switch (property.Name)
            {
                case "kind":
                    kind = property.Value.ToString();
                    break;
                case "next":
                    nested.Add(Read(property.Value));
                    break;
                case "schedules" when property.Value.ValueKind == JsonValueKind.Array:
                    nested.AddRange(property.Value.EnumerateArray().Select(Read));
                    break;
                default:
                    bool isText = property.Value.ValueKind == JsonValueKind.String;
                    values.Add(property.Name, isText ? property.Value.GetString()! : property.Value.GetRawText());
                    break;
            }
        }

        ScheduleSettings settings = new(kind ?? throw new FormatException("The schedule has no 'kind'."), values);
        return Make(settings, nested);
    }

    private static Schedule Make(ScheduleSettings settings, List<Schedule> nested)
    {
        Schedule schedule;
        switch (settings.Kind)
        {
            case "warm-up" when nested.Count == 1:
                long steps = settings.Count("steps", null);
                schedule = new WarmUpSchedule { Steps = steps, FromZero = settings.Flag("fromZero"), Next = nested[0] };
                break;
            case "sequential":
                schedule = new SequentialSchedule { Milestones = settings.Counts("milestones"), Schedules = nested };
                break;
            case string kind when nested.Count > 0:
                throw new FormatException($"The schedule '{kind}' has no schedules inside it.");
            default:
                // All settings are in the JSON text; nothing is left to the length of a run.
                schedule = ScheduleFactory.Make(settings, totalSteps: null);
                break;
        }

        settings.RefuseUnknown();
        return schedule;
    }
}
