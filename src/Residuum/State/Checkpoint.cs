using System.Globalization;
using System.Reflection;

namespace Residuum.State;

/// <summary>
/// Saves and loads checkpoints: one safetensors file with everything that changes, a checksum, and texts for what does not.
/// </summary>
/// <remarks>Memory beside the tensors themselves: one tensor at a time, and only where memory and file differ in order.</remarks>
public static class Checkpoint
{
    /// <summary>The version of the layout that this library writes, and the newest it reads.</summary>
    public const int FormatVersion = 1;

    private const string Format = "residuum";

    /// <summary>
    /// Writes a checkpoint. Whatever happens, an existing file of that name is either as it was or replaced by a complete one.
    /// </summary>
    /// <param name="path">The file.</param>
    /// <param name="content">What to write.</param>
    /// <exception cref="IOException">The file could not be written, for example because the disk is full; nothing was
    /// overwritten.</exception>
    public static void Save(string path, CheckpointContent content)
    {
        ArgumentNullException.ThrowIfNull(content);
        Dictionary<string, string> metadata = new(StringComparer.Ordinal)
        {
            ["format"] = Format,
            ["format_version"] = FormatVersion.ToString(CultureInfo.InvariantCulture),
            ["library_version"] = LibraryVersion(),
        };
        foreach ((string key, string text) in content.Texts)
        {
            if (!metadata.TryAdd(key, text) || key == FileChecksum.Key)
            {
                throw new ArgumentException($"The metadata '{key}' is written by the library itself.", nameof(content));
            }
        }

        IEnumerable<TensorSource> tensors = content.Tensors.Select(
            pair => TensorSource.Of(pair.Key, pair.Value.Spec.Type, pair.Value.Spec.Shape, pair.Value.Write));
        SafetensorsWriter.Write(path, tensors, metadata, checksummed: true);
    }

    /// <summary>
    /// Loads a checkpoint, or changes nothing: every check, the checksum's included, is made before the first tensor is taken.
    /// </summary>
    /// <param name="path">The file.</param>
    /// <param name="content">Where everything goes.</param>
    /// <returns>The file's metadata.</returns>
    /// <exception cref="CheckpointException">The file is malformed, damaged, no checkpoint, or one of something else; the message says all
    /// differences.</exception>
    /// <exception cref="IOException">The file cannot be opened or read.</exception>
    public static IReadOnlyDictionary<string, string> Load(string path, CheckpointContent content)
    {
        ArgumentNullException.ThrowIfNull(content);
        using SafetensorsFile file = OpenVerified(path);
        List<string> differences = content.Differences(file);
        if (differences.Count > 0)
        {
            throw new CheckpointException(path, differences);
        }

        content.Take(file);
        return file.Metadata;
    }

    /// <summary>Opens a checkpoint for reading, after checking its form and its checksum.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="CheckpointException">The file is malformed, damaged or no checkpoint.</exception>
    /// <exception cref="IOException">The file cannot be opened or read.</exception>
    public static SafetensorsFile OpenVerified(string path)
    {
        SafetensorsFile file;
        try
        {
            file = SafetensorsFile.Open(path);
        }
        catch (SafetensorsException exception)
        {
            throw new CheckpointException(CheckpointError.Malformed, exception.Message, exception);
        }

        try
        {
            Verify(file);
            return file;
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    private static void Verify(SafetensorsFile file)
    {
        string? format = file.Metadata.GetValueOrDefault("format");
        if (format != Format)
        {
            throw new CheckpointException(
                CheckpointError.NotACheckpoint,
                $"'{file.Path}' is no checkpoint of Residuum: its metadata says format = {format ?? "nothing"}.");
        }

        string version = file.Metadata.GetValueOrDefault("format_version", "missing");
        if (!int.TryParse(version, NumberStyles.None, CultureInfo.InvariantCulture, out int number) || number is < 1 or > FormatVersion)
        {
            throw new CheckpointException(
                CheckpointError.NotACheckpoint, $"'{file.Path}' has format_version {version}; this library reads 1 to {FormatVersion}.");
        }

        if (!file.Metadata.ContainsKey(FileChecksum.Key) || !FileChecksum.Agrees(file))
        {
            throw new CheckpointException(
                CheckpointError.ChecksumMismatch, $"'{file.Path}' was damaged: its content does not agree with its checksum.");
        }
    }

    private static string LibraryVersion() =>
        typeof(Checkpoint).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0]
        ?? "unknown";
}
