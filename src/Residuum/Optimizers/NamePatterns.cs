using System.IO.Enumeration;

namespace Residuum.Optimizers;

/// <summary>Patterns for parameters' names, with <c>|</c> between them and <c>*</c> for any letters.</summary>
internal static class NamePatterns
{
    /// <summary>What embeddings and output heads are usually called.</summary>
    public const string EmbeddingsAndHeads = "*embed*|wte|wpe|head|*_head";

    /// <summary>Whether one of the patterns fits the whole name, or one of its parts between dots.</summary>
    /// <param name="patterns">For example <c>*embed*|head</c>.</param>
    /// <param name="name">The parameter's name.</param>
    public static bool Fit(string patterns, string name) =>
        patterns.Split('|', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Any(pattern =>
            name.Split('.').Append(name).Any(part => FileSystemName.MatchesSimpleExpression(pattern, part, ignoreCase: false)));
}
