using Residuum.Cli.Bench;
using Residuum.Training.Logging;

namespace Residuum.Cli.Json;

/// <summary>What <c>bench --json</c> writes; what was not asked for is absent.</summary>
/// <param name="Machine">Where it was measured.</param>
/// <param name="Bandwidth">What memory gives.</param>
/// <param name="FmaPeakGflops">What registers give, all threads together.</param>
/// <param name="GradientsOf">The recipe whose gradients the steps took; absent where they were random.</param>
/// <param name="Results">A row per optimizer and guard.</param>
/// <param name="Torch">PyTorch's optimizers on the same shapes.</param>
/// <param name="Gemm">Matrix products.</param>
/// <param name="Train">Whole training steps.</param>
internal sealed record BenchReport(
    MachineDescription Machine,
    Bandwidth Bandwidth,
    double FmaPeakGflops,
    string? GradientsOf,
    IReadOnlyList<StepResult> Results,
    IReadOnlyList<TorchResult>? Torch,
    IReadOnlyList<GemmResult>? Gemm,
    IReadOnlyList<TrainResult>? Train);
