namespace Residuum.State;

/// <summary>A checkpoint that cannot be used as asked. Nothing was changed by the attempt.</summary>
public sealed class CheckpointException : Exception
{
    internal CheckpointException(CheckpointError reason, string message, Exception? inner = null)
        : base(message, inner)
    {
        Reason = reason;
        Differences = [];
    }

    internal CheckpointException(string path, IReadOnlyList<string> differences)
        : base($"The checkpoint '{path}' does not fit what it should be loaded into:{string.Concat(differences.Select(text => $"\n  {text}"))}")
    {
        Reason = CheckpointError.Mismatch;
        Differences = differences;
    }

    /// <summary>The kind of refusal.</summary>
    public CheckpointError Reason { get; }

    /// <summary>For <see cref="CheckpointError.Mismatch"/>: every difference, a sentence each.</summary>
    public IReadOnlyList<string> Differences { get; }
}
