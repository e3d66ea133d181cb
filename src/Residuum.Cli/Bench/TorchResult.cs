namespace Residuum.Cli.Bench;

/// <summary>A row of PyTorch's AdamW.</summary>
/// <param name="Optimizer">With its form: <c>torch.optim.AdamW(foreach=False)</c>.</param>
/// <param name="Parameters">Parameters in all.</param>
/// <param name="Tensors">In how many tensors.</param>
/// <param name="Threads">OMP_NUM_THREADS, OPENBLAS_NUM_THREADS and set_num_threads.</param>
/// <param name="Allocator">As installed, or one that keeps memory.</param>
/// <param name="NsPerParameter">Time of a step.</param>
/// <param name="Version">PyTorch's version.</param>
internal sealed record TorchResult(
    string Optimizer, long Parameters, int Tensors, int Threads, string Allocator, Spread NsPerParameter, string Version);
