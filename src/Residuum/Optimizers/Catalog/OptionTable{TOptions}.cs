namespace Residuum.Optimizers;

/// <summary>All options of one method by name: the one list from which they are parsed, printed, recorded and compared.</summary>
/// <param name="options">The entries.</param>
internal sealed class OptionTable<TOptions>(IReadOnlyList<Option<TOptions>> options)
{
    /// <summary>The names, in the order of the method's page.</summary>
    public IReadOnlyList<string> Names { get; } = [.. options.Where(option => !option.IsIdle).Select(option => option.Name)];

    /// <summary>The options that cannot change at a step, as text.</summary>
    public IEnumerable<KeyValuePair<string, string>> FixedValues(TOptions values) =>
        options.Where(option => !option.IsLive && !option.IsIdle)
            .Select(option => new KeyValuePair<string, string>(option.Name, option.Get(values)));

    /// <summary>All options as text.</summary>
    public IEnumerable<KeyValuePair<string, string>> Values(TOptions values) =>
        options.Where(option => !option.IsIdle).Select(option => new KeyValuePair<string, string>(option.Name, option.Get(values)));

    /// <summary>The options with some values replaced.</summary>
    /// <param name="method">The method's name, for messages.</param>
    /// <param name="start">What is replaced in.</param>
    /// <param name="values">Names and values as text.</param>
    /// <exception cref="UnknownNameException">The method has no such option.</exception>
    /// <exception cref="ArgumentException">A value cannot be read.</exception>
    public TOptions Apply(string method, TOptions start, IEnumerable<KeyValuePair<string, string>> values)
    {
        foreach ((string name, string text) in values)
        {
            Option<TOptions> option = options.FirstOrDefault(candidate => candidate.Name == name)
                ?? throw new UnknownNameException($"option of {method}", name, Names);
            start = option.Set(start, text);
        }

        return start;
    }
}
