namespace Residuum.Optimizers;

/// <summary>One option of a method, by its camelCase name.</summary>
/// <param name="Name">The name on the command line, in golden files and in checkpoints.</param>
/// <param name="IsLive">Whether it may change at every step.</param>
/// <param name="Wanted">What a value must look like, for messages.</param>
/// <param name="Get">Its value as text.</param>
/// <param name="Set">The options with another value.</param>
internal sealed record Option<TOptions>(
    string Name, bool IsLive, string Wanted, Func<TOptions, string> Get, Func<TOptions, string, TOptions> Set)
{
    /// <summary>
    /// Whether it belongs to the method's relatives: a value that changes nothing is taken, another refused; it is neither listed nor
    /// recorded.
    /// </summary>
    public bool IsIdle { get; init; }
}
