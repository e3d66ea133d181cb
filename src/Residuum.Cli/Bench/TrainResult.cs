namespace Residuum.Cli.Bench;

/// <summary>A row of whole training steps: data, forward, backward and update.</summary>
internal sealed record TrainResult
{
    /// <summary>The recipe.</summary>
    public required string Recipe { get; init; }

    /// <summary><c>residuum</c>, or <c>torch</c> with its version.</summary>
    public required string Engine { get; init; }

    /// <summary>PyTorch's: as installed, or one that keeps memory.</summary>
    public string? Allocator { get; init; }

    /// <summary>The optimizer.</summary>
    public required string Optimizer { get; init; }

    /// <summary>The model's parameters.</summary>
    public required long Parameters { get; init; }

    /// <summary>Rows of a batch.</summary>
    public required int Batch { get; init; }

    /// <summary>Threads.</summary>
    public required int Threads { get; init; }

    /// <summary>Time of a step.</summary>
    public required Spread MsPerStep { get; init; }

    /// <summary>The most memory that the process has had: of Residuum's with the recipe's data.</summary>
    public required long PeakResidentBytes { get; init; }

    /// <summary>The median over turns of Residuum's time by that of this row in the same turn.</summary>
    public required Middle ResiduumByThis { get; init; }
}
