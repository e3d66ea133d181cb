namespace Residuum.Optimizers;

/// <summary>
/// The entries of <see cref="MatrixOptions"/> and <see cref="LowRankOptions"/> in the tables of the methods that have them.
/// </summary>
internal static class LowRankTable
{
    public static IEnumerable<Option<TOptions>> OfLowRank<TOptions>()
        where TOptions : LowRankOptions =>
    [
        Option.Integer<TOptions>("rank", o => o.Rank, (o, x) => (TOptions)((LowRankOptions)o with { Rank = x })),
        .. OfMatrices<TOptions>(),
    ];

    public static IEnumerable<Option<TOptions>> OfMatrices<TOptions>()
        where TOptions : MatrixOptions =>
    [
        Option.Text<TOptions>("lowRankNames", o => o.LowRankNames, (o, x) => (TOptions)((MatrixOptions)o with { LowRankNames = x })),
        Option.Text<TOptions>("denseNames", o => o.DenseNames, (o, x) => (TOptions)((MatrixOptions)o with { DenseNames = x })),
        Option.Integer<TOptions>(
            "minLowRankSize", o => o.MinLowRankSize, (o, x) => (TOptions)((MatrixOptions)o with { MinLowRankSize = x })),
        Option.Flag<TOptions>("flatten", o => o.Flatten, (o, x) => (TOptions)((MatrixOptions)o with { Flatten = x })),
    ];
}
