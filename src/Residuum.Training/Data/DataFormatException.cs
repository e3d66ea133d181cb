namespace Residuum.Training.Data;

/// <summary>A data file is not what its format says it must be.</summary>
/// <remarks>The message is one sentence: the file, the place in it, what is wrong and what would be right.</remarks>
public sealed class DataFormatException : Exception
{
    internal DataFormatException(string file, string position, string problem, Exception? cause = null)
        : base($"{file}, {position}: {problem}", cause)
    {
        File = file;
        Position = position;
    }

    /// <summary>The file's path as it was given.</summary>
    public string File { get; }

    /// <summary>Where in the (decompressed) content, for example <c>byte 4</c> or <c>line 17</c>; both count as people do in that unit:
    /// bytes from 0, lines from 1.</summary>
    public string Position { get; }
}
