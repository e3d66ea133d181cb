namespace Residuum.State;

/// <summary>A safetensors file that cannot be read as asked, with the reason as a value.</summary>
public sealed class SafetensorsException : FormatException
{
    internal SafetensorsException(SafetensorsError reason, string message, Exception? inner = null)
        : base($"{message} ({reason})", inner) => Reason = reason;

    /// <summary>What is wrong.</summary>
    public SafetensorsError Reason { get; }
}
