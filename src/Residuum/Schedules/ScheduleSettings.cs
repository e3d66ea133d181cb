using System.Globalization;

namespace Residuum.Schedules;

/// <summary>A schedule's kind and settings as text, read by name; what nobody asked for is unknown.</summary>
internal sealed class ScheduleSettings(string kind, IReadOnlyDictionary<string, string> values)
{
    private readonly List<string> _asked = [];

    public string Kind => kind;

    public double Number(string name, double? otherwise)
    {
        string? text = Find(name, otherwise is not null);
        if (text is null)
        {
            return otherwise!.Value;
        }

        return double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double value)
            ? value
            : throw Wrong(name, text, "a number");
    }

    public long Count(string name, long? otherwise)
    {
        string? text = Find(name, otherwise is not null);
        return text is null ? otherwise!.Value : ParseCount(name, text);
    }

    public IReadOnlyList<long> Counts(string name) =>
        [.. Find(name, optional: false)!.Split('/', StringSplitOptions.RemoveEmptyEntries).Select(text => ParseCount(name, text))];

    public bool Flag(string name) => Find(name, optional: true) switch
    {
        null or "false" => false,
        "true" => true,
        string text => throw Wrong(name, text, "true or false"),
    };

    /// <summary>One of the words of an enumeration, in lower case.</summary>
    public T Word<T>(string name, params ReadOnlySpan<(string Word, T Value)> words)
    {
        string? text = Find(name, optional: true);
        foreach ((string word, T value) in words)
        {
            if (text is null || word == text)
            {
                return value;
            }
        }

        throw Wrong(name, text!, $"one of {string.Join(", ", words.ToArray().Select(pair => pair.Word))}");
    }

    /// <summary>To be called when all settings of the kind have been asked for.</summary>
    /// <exception cref="FormatException">A value has a name that was never asked for.</exception>
    public void RefuseUnknown()
    {
        string? unknown = values.Keys.FirstOrDefault(name => !_asked.Contains(name));
        if (unknown is not null)
        {
            throw new FormatException(NearestName.Explain($"{kind} setting", unknown, _asked.Order(StringComparer.Ordinal)));
        }
    }

    private static long ParseCount(string name, string text) =>
        long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long value)
            ? value
            : throw Wrong(name, text, "a whole number");

    private static FormatException Wrong(string name, string text, string right) =>
        new($"The schedule's setting '{name}' is '{text}'; it must be {right}.");

    private string? Find(string name, bool optional)
    {
        _asked.Add(name);
        string? text = values.GetValueOrDefault(name);
        return text is not null || optional ? text : throw new FormatException($"The schedule '{kind}' needs the setting '{name}'.");
    }
}
