using System.Globalization;
using System.Reflection;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Residuum.Training.Logging;

/// <summary>Writes <c>run.json</c>: what was asked, by which version, on what machine, so that a run can be repeated.</summary>
public static class RunFile
{
    /// <summary>The version of this library, with the commit it was built from where the build knew it.</summary>
    public static string Version { get; } =
        typeof(RunFile).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion
        ?? typeof(RunFile).Assembly.GetName().Version?.ToString()
        ?? "unknown";

    /// <summary>Writes the file; an existing one is replaced.</summary>
    /// <param name="path">Where; the directory is made if it does not exist.</param>
    /// <param name="command">The command line's words, as they were given.</param>
    /// <param name="seed">The run's seed.</param>
    /// <param name="settings">All settings, defaults included. The caller's object is not changed.</param>
    /// <param name="clock">Where the time of the start comes from; default: the system's clock.</param>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public static void Write(string path, IEnumerable<string> command, long seed, JsonObject settings, TimeProvider? clock = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentNullException.ThrowIfNull(command);
        ArgumentNullException.ThrowIfNull(settings);
        JsonObject run = new()
        {
            ["residuum"] = Version,
            ["started"] = (clock ?? TimeProvider.System).GetUtcNow().ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture),
            ["command"] = new JsonArray([.. command.Select(word => (JsonNode)JsonValue.Create(word))]),
            ["seed"] = seed,
            ["machine"] = MachineDescription.Current().ToJson(),
            ["settings"] = settings.DeepClone(),
        };

        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        using FileStream file = new(path, FileMode.Create, FileAccess.Write);
        JsonWriterOptions layout = new() { Indented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
        using (Utf8JsonWriter writer = new(file, layout))
        {
            run.WriteTo(writer);
        }

        file.WriteByte((byte)'\n');
    }
}
