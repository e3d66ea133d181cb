using System.Text.Json;

namespace Residuum.Training.Logging;

/// <summary>Writes <c>metrics.jsonl</c>: one JSON object a line and logged step. Not safe for several threads at once.</summary>
/// <remarks>
/// NaN and infinities are written as the strings "NaN", "Infinity" and "-Infinity". Every line is handed to the operating system
/// before <see cref="Write"/> returns, so a crash of the process loses nothing.
/// </remarks>
public sealed class MetricsWriter : IDisposable
{
    private readonly FileStream _file;

    /// <summary>Opens the file.</summary>
    /// <param name="path">Where; the directory is made if it does not exist.</param>
    /// <param name="resumedAtStep">
    /// 0 starts a new file. When a run goes on from a checkpoint, its step: the lines up to it are kept, and what a run that was
    /// cut off had written after it (also half a line) is dropped, so that no step appears twice.
    /// </param>
    /// <exception cref="IOException">The file cannot be opened.</exception>
    public MetricsWriter(string path, long resumedAtStep = 0)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentOutOfRangeException.ThrowIfNegative(resumedAtStep);
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        bool goesOn = resumedAtStep > 0 && File.Exists(path);
        long kept = goesOn ? LengthUpTo(path, resumedAtStep) : 0;
        _file = new FileStream(path, goesOn ? FileMode.Open : FileMode.Create, FileAccess.Write, FileShare.Read);
        _file.SetLength(kept);
        _file.Seek(0, SeekOrigin.End);
    }

    /// <summary>Writes one line: the step, then the values in the order given.</summary>
    /// <param name="step">The step.</param>
    /// <param name="values">Name and value.</param>
    /// <exception cref="IOException">The line cannot be written.</exception>
    public void Write(long step, params ReadOnlySpan<KeyValuePair<string, double>> values)
    {
        using (Utf8JsonWriter writer = new(_file))
        {
            writer.WriteStartObject();
            writer.WriteNumber("step", step);
            foreach (KeyValuePair<string, double> value in values)
            {
                JsonNumbers.Write(writer, value.Key, value.Value);
            }

            writer.WriteEndObject();
        }

        _file.WriteByte((byte)'\n');
        _file.Flush();
    }

    /// <summary>Closes the file.</summary>
    public void Dispose() => _file.Dispose();

    /// <summary>The bytes of the leading lines that are whole and of steps up to the one given.</summary>
    private static long LengthUpTo(string path, long lastStep)
    {
        ReadOnlySpan<byte> content = File.ReadAllBytes(path);
        int kept = 0;
        for (int end; (end = content[kept..].IndexOf((byte)'\n')) >= 0; kept += end + 1)
        {
            if (StepOf(content.Slice(kept, end), path) > lastStep)
            {
                break;
            }
        }

        return kept;
    }

    private static long StepOf(ReadOnlySpan<byte> line, string path)
    {
        Utf8JsonReader reader = new(line);
        try
        {
            bool isObject = reader.Read() && reader.TokenType == JsonTokenType.StartObject && reader.Read();
            if (isObject && reader.ValueTextEquals("step") && reader.Read())
            {
                return reader.GetInt64();
            }
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException or FormatException)
        {
            throw new InvalidDataException($"The file '{path}' has a line that is not a metrics record.", error);
        }

        throw new InvalidDataException($"The file '{path}' has a line that does not begin with its step.");
    }
}
