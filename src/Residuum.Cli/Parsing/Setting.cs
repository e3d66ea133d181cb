namespace Residuum.Cli.Parsing;

/// <summary>A <c>key=value</c> pair of the command line.</summary>
/// <param name="Key">What is set.</param>
/// <param name="Value">What it is set to, as text.</param>
internal sealed record Setting(string Key, string Value)
{
    private const string OptimizerPrefix = "optimizer.";

    /// <summary>Splits at the first equals sign.</summary>
    /// <param name="text">For example <c>optimizer.density=0.05</c>.</param>
    /// <exception cref="UsageException">There is no equals sign, or nothing before it or after it.</exception>
    public static Setting Parse(string text)
    {
        int equals = text.IndexOf('=', StringComparison.Ordinal);
        if (equals <= 0 || equals == text.Length - 1)
        {
            throw new UsageException($"'{text}' is not a setting; write key=value.");
        }

        return new Setting(text[..equals].Trim(), text[(equals + 1)..].Trim());
    }

    /// <summary>The options in <c>--set optimizer.KEY=VALUE</c> of a verb that has no other settings.</summary>
    /// <param name="texts">The values of <c>--set</c>.</param>
    /// <exception cref="UsageException">One is not of that form.</exception>
    public static IReadOnlyList<Setting> ForOptimizers(IEnumerable<string> texts) => [.. texts.Select(text => Parse(text).ForOptimizer()
        ?? throw new UsageException($"'{text}' is not a setting of optimizers; write optimizer.KEY=VALUE."))];

    /// <summary>The option that an <c>optimizer.KEY=VALUE</c> means, or null for a setting of another kind.</summary>
    public Setting? ForOptimizer() =>
        Key.StartsWith(OptimizerPrefix, StringComparison.Ordinal) ? this with { Key = Key[OptimizerPrefix.Length..] } : null;
}
