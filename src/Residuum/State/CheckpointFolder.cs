using System.Globalization;

namespace Residuum.State;

/// <summary>
/// A folder with the last checkpoints of one run: <c>step-00000123.safetensors</c>, ..., and a text file <c>latest</c> with the newest
/// one's name.
/// </summary>
/// <remarks>
/// A process may die at any moment of a save: a file has its final name only when it is complete and on the disk. <c>latest</c> is for
/// people and scripts; <see cref="FindNewest"/> does not rely on it. One process at a time writes to a folder.
/// </remarks>
public sealed class CheckpointFolder
{
    /// <summary>The name of the pointer file.</summary>
    public const string PointerName = "latest";

    private const string Prefix = "step-";
    private const string Suffix = ".safetensors";

    /// <summary>Names a folder; it is made when the first checkpoint is saved.</summary>
    /// <param name="path">The folder.</param>
    /// <param name="keep">How many checkpoints to keep, at least 1; default 3.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="keep"/> is less than 1.</exception>
    public CheckpointFolder(string path, int keep = 3)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        Path = path;
        Keep = (int)Residuum.Require.AtLeast(keep, 1, nameof(keep));
    }

    /// <summary>The folder.</summary>
    public string Path { get; }

    /// <summary>How many checkpoints are kept.</summary>
    public int Keep { get; }

    /// <summary>The file of a step.</summary>
    /// <param name="step">The number of updates done, at least 0.</param>
    public string FileOf(long step) => System.IO.Path.Combine(Path, $"{Prefix}{step:D8}{Suffix}");

    /// <summary>Saves a checkpoint, points <c>latest</c> to it and removes the oldest beyond <see cref="Keep"/>.</summary>
    /// <param name="step">The number of updates done, at least 0.</param>
    /// <param name="content">What to write.</param>
    /// <returns>The file.</returns>
    /// <exception cref="CheckpointException">The folder holds a valid checkpoint of a later step: see
    /// <see cref="EnsureNothingAfter"/>.</exception>
    /// <exception cref="IOException">The file could not be written, for example because the disk is full; all checkpoints are as they
    /// were.</exception>
    public string Save(long step, CheckpointContent content)
    {
        Residuum.Require.AtLeast(step, 0, nameof(step));
        EnsureNothingAfter(step);
        Directory.CreateDirectory(Path);
        string file = FileOf(step);
        Checkpoint.Save(file, content);
        byte[] pointer = System.Text.Encoding.UTF8.GetBytes(System.IO.Path.GetFileName(file) + "\n");
        AtomicFile.Write(System.IO.Path.Combine(Path, PointerName), pointer.Length, stream => stream.Write(pointer));
        RemoveOld(step);
        return file;
    }

    /// <summary>
    /// Refuses to go on from a step when the folder holds valid checkpoints of later steps: which of the two is newest would be a guess.
    /// Damaged files of later steps do not count.
    /// </summary>
    /// <param name="step">The step to go on from, or to save.</param>
    /// <exception cref="CheckpointException">There is a valid checkpoint of a later step.</exception>
    public void EnsureNothingAfter(long step)
    {
        foreach ((long later, string file) in Files())
        {
            if (later > step && IsValid(file))
            {
                throw new CheckpointException(
                    CheckpointError.LaterCheckpoint,
                    $"'{Path}' holds a checkpoint of step {later}, which is after step {step}; go on from that one or use another folder.");
            }
        }
    }

    /// <summary>Finds the checkpoint of the latest step that is whole; damaged and half-written files are passed over.</summary>
    /// <returns>The file, or null if there is none.</returns>
    public string? FindNewest()
    {
        foreach ((long _, string file) in Files())
        {
            if (IsValid(file))
            {
                return file;
            }
        }

        return null;
    }

    private static bool IsValid(string file)
    {
        try
        {
            Checkpoint.OpenVerified(file).Dispose();
            return true;
        }
        catch (CheckpointException)
        {
            return false;
        }
    }

    /// <summary>The checkpoints, latest step first.</summary>
    private List<(long Step, string File)> Files()
    {
        List<(long Step, string File)> files = [];
        if (!Directory.Exists(Path))
        {
            return files;
        }

        foreach (string file in Directory.EnumerateFiles(Path, $"{Prefix}*{Suffix}"))
        {
            ReadOnlySpan<char> digits = System.IO.Path.GetFileName(file.AsSpan())[Prefix.Length..^Suffix.Length];
            if (long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out long step))
            {
                files.Add((step, file));
            }
        }

        files.Sort(static (a, b) => b.Step.CompareTo(a.Step));
        return files;
    }

    private void RemoveOld(long saved)
    {
        foreach ((long _, string file) in Files().Where(entry => entry.Step <= saved).Skip(Keep))
        {
            File.Delete(file);
        }

        // Left behind by processes that died while saving.
        foreach (string file in Directory.EnumerateFiles(Path, $"{Prefix}*{Suffix}{AtomicFile.PartialSuffix}"))
        {
            File.Delete(file);
        }
    }
}
