using System.Text;
using System.Text.Json;
using Residuum.State;

namespace Residuum.Optimizers;

/// <summary>
/// Puts an optimizer and its parameters into a checkpoint: <c>model.PARAMETER</c>, <c>optim.PARAMETER.FIELD</c>, method and
/// hyperparameters.
/// </summary>
public static class OptimizerCheckpoint
{
    private const string MethodKey = "method";
    private const string GroupsKey = "hyperparameters";
    private const string OptionsKey = "options";
    private const string ParametersKey = "parameters";

    /// <summary>
    /// Adds the values of all parameters, all state fields, the method's name and the groups' hyperparameters. A checkpoint of another
    /// method, with other parameters or other fixed options is refused; rates and other values that may change at every step are taken
    /// from it.
    /// </summary>
    /// <param name="content">The checkpoint's content, made anew for each save.</param>
    /// <param name="optimizer">The optimizer.</param>
    public static void Add(this CheckpointContent content, Optimizer optimizer)
    {
        ArgumentNullException.ThrowIfNull(content);
        ArgumentNullException.ThrowIfNull(optimizer);
        content.Require(MethodKey, optimizer.Method);
        content.Describe(GroupsKey, WriteGroups(optimizer));
        content.Check(file => file.GetValueOrDefault(MethodKey) == optimizer.Method ? GroupDifferences(file, optimizer) : []);
        content.Restore(file => RestoreGroups(file, optimizer));
        optimizer.AddParametersTo(content);
        foreach (StateField field in optimizer.State)
        {
            content.Add(field, "optim.");
        }
    }

    private static string WriteGroups(Optimizer optimizer)
    {
        using MemoryStream buffer = new();
        using (Utf8JsonWriter writer = new(buffer))
        {
            writer.WriteStartArray();
            foreach (ParameterGroup group in optimizer.Groups)
            {
                writer.WriteStartObject();
                foreach ((string name, double value) in group.LiveValues)
                {
                    writer.WriteNumber(name, value);
                }

                writer.WriteStartObject(OptionsKey);
                foreach ((string name, string value) in group.Options.FixedValues)
                {
                    writer.WriteString(name, value);
                }

                writer.WriteEndObject();
                writer.WriteStartArray(ParametersKey);
                foreach (Parameter parameter in group.Parameters)
                {
                    writer.WriteStringValue(parameter.Name);
                }

                writer.WriteEndArray();
                writer.WriteEndObject();
            }

            writer.WriteEndArray();
        }

        return Encoding.UTF8.GetString(buffer.ToArray());
    }

    private static IEnumerable<string> GroupDifferences(IReadOnlyDictionary<string, string> file, Optimizer optimizer)
    {
        using JsonDocument? document = ParseGroups(file);
        if (document is null)
        {
            yield return $"{GroupsKey} is not the JSON text of a list of groups in the checkpoint";
            yield break;
        }

        JsonElement groups = document.RootElement;
        if (groups.GetArrayLength() != optimizer.Groups.Count)
        {
            yield return $"there are {groups.GetArrayLength()} groups in the checkpoint, but {optimizer.Groups.Count} here";
            yield break;
        }

        foreach ((int index, ParameterGroup group) in optimizer.Groups.Index())
        {
            foreach (string difference in GroupDifferences(index, groups[index], group))
            {
                yield return difference;
            }
        }
    }

    private static IEnumerable<string> GroupDifferences(int index, JsonElement stored, ParameterGroup group)
    {
        foreach ((string name, double now) in group.LiveValues.ToArray())
        {
            if (!stored.TryGetProperty(name, out JsonElement value) || value.ValueKind != JsonValueKind.Number)
            {
                yield return $"group {index} has no {name} in the checkpoint";
            }
            else if (RangeError(group, name, value.GetDouble(), now) is string wrong)
            {
                yield return $"group {index}: {wrong}";
            }
        }

        bool hasOptions = stored.TryGetProperty(OptionsKey, out JsonElement options) && options.ValueKind == JsonValueKind.Object;
        foreach ((string name, string here) in group.Options.FixedValues)
        {
            string there = hasOptions && options.TryGetProperty(name, out JsonElement value) ? value.ToString() : "not given";
            if (there != here)
            {
                yield return $"group {index} has {name} = {there} in the checkpoint, but {here} here";
            }
        }

        // Methods that see one flat vector depend on the order too.
        string[] parameters = [.. group.Parameters.Select(parameter => parameter.Name)];
        string[] storedParameters = stored.TryGetProperty(ParametersKey, out JsonElement names) && names.ValueKind == JsonValueKind.Array
            ? [.. names.EnumerateArray().Select(name => name.ToString())]
            : [];
        if (!storedParameters.SequenceEqual(parameters))
        {
            string there = string.Join(", ", storedParameters);
            yield return $"group {index} has the parameters {there} in the checkpoint, but {string.Join(", ", parameters)} here";
        }
    }

    /// <summary>Only the group knows its ranges: it is asked by setting the value, and setting it back.</summary>
    private static string? RangeError(ParameterGroup group, string name, double stored, double now)
    {
        try
        {
            group.TrySet(name, stored);
            return null;
        }
        catch (ArgumentException exception)
        {
            return exception.Message;
        }
        finally
        {
            group.TrySet(name, now);
        }
    }

    private static JsonDocument? ParseGroups(IReadOnlyDictionary<string, string> file)
    {
        try
        {
            JsonDocument document = JsonDocument.Parse(
                file.GetValueOrDefault(GroupsKey, ""), new JsonDocumentOptions { AllowDuplicateProperties = false });
            JsonElement root = document.RootElement;
            if (root.ValueKind == JsonValueKind.Array && root.EnumerateArray().All(group => group.ValueKind == JsonValueKind.Object))
            {
                return document;
            }

            document.Dispose();
            return null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static void RestoreGroups(IReadOnlyDictionary<string, string> file, Optimizer optimizer)
    {
        using JsonDocument document = ParseGroups(file)!;
        foreach ((int index, ParameterGroup group) in optimizer.Groups.Index())
        {
            foreach ((string name, double _) in group.LiveValues.ToArray())
            {
                group.TrySet(name, document.RootElement[index].GetProperty(name).GetDouble());
            }
        }
    }
}
