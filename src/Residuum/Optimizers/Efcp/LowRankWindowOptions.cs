namespace Residuum.Optimizers;

/// <summary>What a window of low-rank gradients keeps: section 5 of the methods page of EFCP. All per group and fixed.</summary>
public sealed record LowRankWindowOptions
{
    /// <summary>Rank of a matrix's gradient, symbol r: at least 1, default 4 (EFCP); at most the matrix's smaller side counts.</summary>
    public int Rank { get; init; } = 4;

    /// <summary>
    /// Where the right factor of a parameter starts: C x min(r, R, C) numbers, row-major, by the parameter's name. Parameters that are not
    /// named start with standard normal numbers. Default: none is named.
    /// </summary>
    public IReadOnlyDictionary<string, IReadOnlyList<double>> InitialQ { get; init; } = new Dictionary<string, IReadOnlyList<double>>();

    /// <summary>
    /// Whether the weights are compressed once when the optimizer is made, as the authors' code does unasked; default false.
    /// </summary>
    public bool QFromWeights { get; init; }

    internal void Validate() => Require.AtLeast(Rank, 1, "rank");
}
