namespace Residuum.Cli.Bench;

/// <summary>A row of matrix products.</summary>
/// <param name="M">Rows of the result.</param>
/// <param name="N">Columns of the result.</param>
/// <param name="K">Inner dimension.</param>
/// <param name="Threads">Threads of a product.</param>
/// <param name="Gflops">2 m n k by the median time and by the best (the larger figure).</param>
/// <param name="FractionOfPeak">The median as a part of the FMA peak.</param>
internal sealed record GemmResult(int M, int N, int K, int Threads, Spread Gflops, double FractionOfPeak);
