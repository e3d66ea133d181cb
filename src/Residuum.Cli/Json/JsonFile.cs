using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Residuum.Cli.Json;

/// <summary>Writes the answers of <c>--json FILE</c>.</summary>
internal static class JsonFile
{
    /// <summary>Writes a value, with a final newline; folders are made.</summary>
    /// <typeparam name="T">The answer's type.</typeparam>
    /// <param name="path">The file; an existing one is replaced.</param>
    /// <param name="value">The answer.</param>
    /// <param name="type">
    /// How it is written: of a context with <c>NumberHandling = AllowNamedFloatingPointLiterals</c>, so that NaN and infinities become
    /// strings.
    /// </param>
    public static void Write<T>(string path, T value, JsonTypeInfo<T> type)
    {
        if (Path.GetDirectoryName(Path.GetFullPath(path)) is string folder)
        {
            Directory.CreateDirectory(folder);
        }

        File.WriteAllText(path, JsonSerializer.Serialize(value, type) + "\n");
    }
}
