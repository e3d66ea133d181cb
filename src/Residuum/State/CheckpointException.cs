namespace Residuum.State;

/// <summary>A checkpoint that cannot be used as asked. Nothing was changed by the attempt.</summary>
public sealed class CheckpointException : Exception
{
    // Another method has other names for all of its state: the first differences say so, hundreds would hide it.
    private const int MostInMessage = 20;

    internal CheckpointException(CheckpointError reason, string message, Exception? inner = null)
        : base(message, inner)
    {
        Reason = reason;
        Differences = [];
    }

    internal CheckpointException(string path, IReadOnlyList<string> differences)
        : base(Sentence(path, differences))
    {
        Reason = CheckpointError.Mismatch;
        Differences = differences;
    }

    /// <summary>The kind of refusal.</summary>
    public CheckpointError Reason { get; }

    /// <summary>For <see cref="CheckpointError.Mismatch"/>: every difference, a sentence each.</summary>
    public IReadOnlyList<string> Differences { get; }

    private static string Sentence(string path, IReadOnlyList<string> differences)
    {
        string lines = string.Concat(differences.Take(MostInMessage).Select(text => $"\n  {text}"));
        string rest = differences.Count > MostInMessage ? $"\n  and {differences.Count - MostInMessage} more differences" : "";
        return $"The checkpoint '{path}' does not fit what it should be loaded into:{lines}{rest}";
    }
}
