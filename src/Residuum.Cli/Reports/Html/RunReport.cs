namespace Residuum.Cli.Reports.Html;

/// <summary>What a report page shows.</summary>
internal sealed record RunReport
{
    /// <summary>The words of the command line, without the program's name.</summary>
    public required IReadOnlyList<string> Command { get; init; }

    /// <summary>When it began.</summary>
    public required DateTimeOffset Started { get; init; }

    /// <summary>The runs of the comparison, or the one run of a training.</summary>
    public required IReadOnlyList<RecordedRun> Runs { get; init; }

    /// <summary>The runs that only served to find the rates.</summary>
    public IReadOnlyList<RecordedRun> Search { get; init; } = [];
}
