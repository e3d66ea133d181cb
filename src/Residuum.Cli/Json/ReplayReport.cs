using Residuum.Replay;

namespace Residuum.Cli.Json;

/// <summary>What <c>replay --json</c> writes.</summary>
/// <param name="Passed">Cases that agreed.</param>
/// <param name="Failed">Cases that did not.</param>
/// <param name="Cases">Every case.</param>
internal sealed record ReplayReport(int Passed, int Failed, IReadOnlyList<GoldenResult> Cases);
