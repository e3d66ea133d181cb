namespace Residuum.Cli.Parsing;

/// <summary>One entry of <c>--optimizers</c>: <c>name</c> or <c>name[key=value;...]</c>.</summary>
/// <param name="Text">The entry as it was written: the <c>optimizer</c> of its rows.</param>
/// <param name="Name">The method, in kebab-case.</param>
/// <param name="Options">The options in brackets, in order, keys in camelCase.</param>
internal sealed record OptimizerEntry(string Text, string Name, IReadOnlyList<Setting> Options)
{
    /// <summary>Splits a list at its commas, but not at those inside brackets.</summary>
    /// <param name="text">For example <c>adamw,microadam[density=0.05;window=20]</c>.</param>
    /// <exception cref="UsageException">
    /// Brackets do not match, an entry is empty or repeated, or an option is no <c>key=value</c>.
    /// </exception>
    public static IReadOnlyList<OptimizerEntry> ParseList(string text)
    {
        List<OptimizerEntry> entries = [];
        int depth = 0;
        int start = 0;
        for (int i = 0; i <= text.Length; i++)
        {
            char character = i < text.Length ? text[i] : ',';
            depth += character == '[' ? 1 : character == ']' ? -1 : 0;
            if (depth < 0 || (i == text.Length && depth > 0))
            {
                throw new UsageException($"The brackets of '{text}' do not match; an entry is name or name[key=value;...].");
            }

            if (character == ',' && depth == 0)
            {
                entries.Add(Parse(text[start..i].Trim()));
                start = i + 1;
            }
        }

        string? twice = entries.GroupBy(entry => entry.Text, StringComparer.Ordinal).FirstOrDefault(group => group.Count() > 1)?.Key;
        return twice is null ? entries : throw new UsageException($"The optimizer '{twice}' is listed twice.");
    }

    /// <summary>Parses one entry.</summary>
    /// <param name="text">For example <c>ldadam[rank=16;errorFeedback=false]</c>.</param>
    /// <exception cref="UsageException">The entry is not of that form.</exception>
    public static OptimizerEntry Parse(string text)
    {
        int open = text.IndexOf('[', StringComparison.Ordinal);
        string name = open < 0 ? text : text[..open].Trim();
        if (name.Length == 0 || name.Contains(']', StringComparison.Ordinal))
        {
            throw new UsageException($"'{text}' names no optimizer; an entry is name or name[key=value;...].");
        }

        if (open < 0)
        {
            return new OptimizerEntry(text, name, []);
        }

        if (text[^1] != ']')
        {
            throw new UsageException($"The brackets of '{text}' do not match; an entry is name or name[key=value;...].");
        }

        string inside = text[(open + 1)..^1];
        List<Setting> options = [];
        foreach (string part in inside.Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            Setting option = Setting.Parse(part);
            if (options.Any(other => string.Equals(other.Key, option.Key, StringComparison.Ordinal)))
            {
                throw new UsageException($"The option '{option.Key}' of '{name}' is given twice.");
            }

            options.Add(option);
        }

        return new OptimizerEntry(text, name, options);
    }
}
