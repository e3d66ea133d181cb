using Residuum.Training.Trainer;

namespace Residuum.Cli.Reports;

/// <summary>A run as it was planned and as it went.</summary>
/// <param name="Plan">What was asked.</param>
/// <param name="Result">What came of it, its history included.</param>
internal sealed record RecordedRun(RunPlan Plan, RunResult Result);
