using Residuum.Optimizers;

namespace Residuum.Distributed.Exchange;

/// <summary>An exchange by name: what the command line and golden cases mean by <c>conef</c>.</summary>
public abstract class ExchangeKind
{
    private protected ExchangeKind(string name, string summary)
    {
        Name = name;
        Summary = summary;
    }

    /// <summary>The exchanges.</summary>
    public static IReadOnlyList<ExchangeKind> All { get; } =
    [
        new ExchangeKind<EfSgdOptions>(
            "efsgd", "Compressed gradients; what is not sent stays in float32 and comes back.", new EfSgdOptions(), EfSgdOptions.Table),
        new ExchangeKind<ConEfOptions>(
            "conef", "Compressed gradients; what is not sent goes into a count sketch.", new ConEfOptions(), ConEfOptions.Table),
        new ExchangeKind<RecompressedOptions>(
            "iconef", "Compressed gradients with a re-compressed error memory.", new RecompressedOptions(), RecompressedOptions.Table),
    ];

    /// <summary>The name in kebab-case.</summary>
    public string Name { get; }

    /// <summary>What it is, in one sentence.</summary>
    public string Summary { get; }

    /// <summary>The names of its options, in camelCase.</summary>
    public abstract IReadOnlyList<string> OptionNames { get; }

    /// <summary>The exchange of a given name, or null if there is none.</summary>
    /// <param name="name">In kebab-case.</param>
    public static ExchangeKind? Find(string name) => All.FirstOrDefault(kind => kind.Name == name);

    /// <summary>The exchange of a given name.</summary>
    /// <param name="name">In kebab-case.</param>
    /// <exception cref="UnknownNameException">There is none.</exception>
    public static ExchangeKind Get(string name) =>
        Find(name) ?? throw new UnknownNameException("exchange", name, [.. All.Select(kind => kind.Name)]);

    /// <summary>Reads options.</summary>
    /// <param name="options">camelCase names and values as text; what is absent has its default.</param>
    /// <exception cref="ArgumentException">An option is unknown, cannot be read or is out of its range.</exception>
    public abstract ExchangeOptions Read(IEnumerable<KeyValuePair<string, string>> options);
}
