namespace Residuum.Cli.Bench;

/// <summary>A row of matrix products.</summary>
/// <param name="M">Rows of the result.</param>
/// <param name="N">Columns of the result.</param>
/// <param name="K">Inner dimension.</param>
/// <param name="Threads">Threads of a product.</param>
/// <param name="Gflops">2 m n k by the median time and by the longest.</param>
/// <param name="FractionOfPeak">The median as a part of the FMA peak.</param>
/// <param name="OpenBlasKernel">The kernels that OpenBLAS chose, where it is installed.</param>
/// <param name="OpenBlasGflops">Its rates, taken in turn with ours.</param>
/// <param name="RatioToOpenBlas">Our rate by OpenBLAS's, of the medians.</param>
internal sealed record GemmResult(
    int M,
    int N,
    int K,
    int Threads,
    Spread Gflops,
    double FractionOfPeak,
    string? OpenBlasKernel = null,
    Spread? OpenBlasGflops = null,
    Middle? RatioToOpenBlas = null);
