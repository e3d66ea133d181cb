namespace Residuum.State;

/// <summary>Replaces a file in one piece: what is written goes beside it, to the disk, and then takes its name.</summary>
internal static class AtomicFile
{
    /// <summary>What a file that is being written is called: its name and this.</summary>
    public const string PartialSuffix = ".partial";

    private const int BufferBytes = 1 << 20;

    /// <summary>Writes a file of known length.</summary>
    /// <param name="path">The target.</param>
    /// <param name="length">Its length; the disk is asked for it first, so that a full one is noticed before anything is written.</param>
    /// <param name="write">Writes the content.</param>
    public static void Write(string path, long length, Action<FileStream> write)
    {
        string partial = path + PartialSuffix;
        try
        {
            using (FileStream file = Create(partial, length))
            {
                WriteOrDelete(file, write);
            }

            MoveOrDelete(partial, path);
        }
        catch (IOException exception)
        {
            throw new IOException(
                $"'{path}' ({length} bytes) could not be written: {exception.Message} Nothing was overwritten.", exception);
        }
    }

    private static FileStream Create(string path, long length) => new(path, new FileStreamOptions
    {
        Mode = FileMode.Create,
        Access = FileAccess.Write,
        Share = FileShare.None,
        BufferSize = BufferBytes,
        PreallocationSize = length,
    });

    private static void MoveOrDelete(string partial, string path)
    {
        try
        {
            File.Move(partial, path, overwrite: true);
        }
        catch
        {
            File.Delete(partial);
            throw;
        }
    }

    private static void WriteOrDelete(FileStream file, Action<FileStream> write)
    {
        try
        {
            write(file);
            file.Flush(flushToDisk: true);
        }
        catch
        {
            File.Delete(file.Name);
            throw;
        }
    }
}
