using Residuum.Training.Online;

namespace Residuum.Cli.Json;

/// <summary>What <c>online --json</c> writes.</summary>
/// <param name="File">The data.</param>
/// <param name="Rows">Its rows.</param>
/// <param name="Features">Its features, without the constant.</param>
/// <param name="Results">The best run of every method, with its curve.</param>
/// <param name="Search">All runs of a grid or a list of rates; absent for single runs.</param>
internal sealed record OnlineAnswer(
    string File, long Rows, int Features, IReadOnlyList<OnlineRun> Results, IReadOnlyList<OnlineRun>? Search)
{
    /// <summary>From results.</summary>
    public static OnlineAnswer Of(string file, OnlineData data, IReadOnlyList<OnlineResult> best, IReadOnlyList<OnlineResult> all) => new(
        file,
        data.Rows,
        data.Features,
        [.. best.Select(result => OnlineRun.Of(result, withCurve: true))],
        all.Count == best.Count ? null : [.. all.Select(result => OnlineRun.Of(result, withCurve: false))]);
}
