namespace Residuum.Cli.Bench;

/// <summary>What <c>OpenBlas.py</c> answers.</summary>
/// <param name="Kernel">The kernels that OpenBLAS chose, in the first answer.</param>
/// <param name="Nanoseconds">The time of each product.</param>
internal sealed record OpenBlasTurn(string Kernel, IReadOnlyList<double> Nanoseconds);
