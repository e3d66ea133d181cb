namespace Residuum.State;

/// <summary>A safetensors file that cannot be read as asked, with the reason as a value.</summary>
public sealed class SafetensorsException : FormatException
{
    internal SafetensorsException(SafetensorsError reason, string message, Exception? inner = null)
        : base($"{message} ({reason})", inner) => Reason = reason;

    private SafetensorsException(string path, SafetensorsException cause)
        : base($"'{path}' is not a well-formed safetensors file. {cause.Message}", cause) => Reason = cause.Reason;

    /// <summary>What is wrong.</summary>
    public SafetensorsError Reason { get; }

    /// <summary>The same, said of a file.</summary>
    internal SafetensorsException In(string path) => new(path, this);
}
