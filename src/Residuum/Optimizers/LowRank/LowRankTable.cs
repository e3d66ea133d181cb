namespace Residuum.Optimizers;

/// <summary>The entries of <see cref="LowRankOptions"/> in the tables of the methods that have them.</summary>
internal static class LowRankTable
{
    public static IEnumerable<Option<TOptions>> Options<TOptions>()
        where TOptions : LowRankOptions =>
    [
        Option.Integer<TOptions>("rank", o => o.Rank, (o, x) => (TOptions)((LowRankOptions)o with { Rank = x })),
        Option.Text<TOptions>("lowRankNames", o => o.LowRankNames, (o, x) => (TOptions)((LowRankOptions)o with { LowRankNames = x })),
        Option.Text<TOptions>("denseNames", o => o.DenseNames, (o, x) => (TOptions)((LowRankOptions)o with { DenseNames = x })),
        Option.Integer<TOptions>("minLowRankSize", o => o.MinLowRankSize, (o, x) => (TOptions)((LowRankOptions)o with { MinLowRankSize = x })),
        Option.Flag<TOptions>("flatten", o => o.Flatten, (o, x) => (TOptions)((LowRankOptions)o with { Flatten = x })),
    ];
}
