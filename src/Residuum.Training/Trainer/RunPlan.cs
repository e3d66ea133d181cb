namespace Residuum.Training.Trainer;

/// <summary>What a training run is going to do: the head of its log and the caption of its display.</summary>
public sealed record RunPlan
{
    /// <summary>The recipe's name.</summary>
    public required string Recipe { get; init; }

    /// <summary>The optimizer as it was asked for, options in brackets included.</summary>
    public required string Optimizer { get; init; }

    /// <summary>The optimizer's options that are not the method's own defaults: the recipe's, replaced by those asked for.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> OptimizerOptions { get; init; } = [];

    /// <summary>The base learning rate.</summary>
    public required double Rate { get; init; }

    /// <summary>The run's seed.</summary>
    public required int Seed { get; init; }

    /// <summary>Updates in all.</summary>
    public required long Steps { get; init; }

    /// <summary>Updates that were done before this process took over (a resumed run), else 0.</summary>
    public long FirstStep { get; init; }

    /// <summary>Examples or tokens in a step.</summary>
    public required int ExamplesPerStep { get; init; }

    /// <summary>What an example is: <c>images</c>, <c>texts</c>, <c>bytes</c> or <c>tokens</c>.</summary>
    public required string ExampleUnit { get; init; }

    /// <summary>The number of trained weights.</summary>
    public required long Parameters { get; init; }

    /// <summary>Bytes of optimizer state.</summary>
    public required long StateBytes { get; init; }

    /// <summary>Whether this run is one of a search over rates and not of the final comparison.</summary>
    public bool IsSearch { get; init; }

    /// <summary>All other settings by name (model, batch, schedule, ...), as text.</summary>
    public IReadOnlyDictionary<string, string> Settings { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);
}
