namespace Residuum.Optimizers;

/// <summary>A method of the catalogue: made, and its memory told beforehand, from its name and options as text.</summary>
public abstract class OptimizerKind
{
    private protected OptimizerKind(string name, string summary)
    {
        Name = name;
        Summary = summary;
    }

    /// <summary>The name in kebab-case.</summary>
    public string Name { get; }

    /// <summary>What it is, in one sentence.</summary>
    public string Summary { get; }

    /// <summary>The names of its options, in camelCase.</summary>
    public abstract IReadOnlyList<string> OptionNames { get; }

    /// <summary>All options with their defaults replaced by <paramref name="options"/>, as text.</summary>
    /// <param name="options">Names and values as text.</param>
    /// <exception cref="ArgumentException">An option is unknown, cannot be read or is out of its range.</exception>
    public abstract IReadOnlyList<KeyValuePair<string, string>> Describe(IEnumerable<KeyValuePair<string, string>> options);

    /// <summary>Makes the optimizer.</summary>
    /// <param name="groups">Parameters, each group with the options that differ from the defaults.</param>
    /// <param name="settings">Threads, guard and clipping; null for the defaults.</param>
    /// <exception cref="ArgumentException">An option is unknown, cannot be read or is out of its range.</exception>
    public abstract Optimizer Create(IReadOnlyList<NamedGroup> groups, StepSettings? settings = null);

    /// <summary>Tells the exact bytes of state and scratch from shapes and options alone, allocating none of it.</summary>
    /// <param name="groups">Shapes, each group with the options that differ from the defaults.</param>
    /// <param name="threads">How many threads a step may use.</param>
    /// <exception cref="ArgumentException">An option is unknown, cannot be read or is out of its range.</exception>
    public abstract MemoryPlan Plan(IReadOnlyList<ShapedGroup> groups, int threads);
}
