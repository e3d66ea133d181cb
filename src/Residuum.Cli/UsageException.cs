namespace Residuum.Cli;

/// <summary>The command line asks for something that cannot be: one sentence for the user, exit code 2.</summary>
/// <param name="message">What is wrong and what would be right.</param>
internal sealed class UsageException(string message) : Exception(message);
