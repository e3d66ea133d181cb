using Residuum.Compression;
using Residuum.ErrorMemory;
using Residuum.Optimizers;

namespace Residuum.Distributed.Exchange;

/// <summary>
/// The working memory of an exchange, known from shapes and options alone: what <see cref="GradientExchange.ScratchBytes"/> will be.
/// </summary>
internal static class ExchangeScratch
{
    /// <summary>The bytes of messages, hash tables and what compressors and error memories work in.</summary>
    /// <param name="options">How gradients travel.</param>
    /// <param name="batches">The parameters that travel together: all of them, or bucket by bucket.</param>
    /// <param name="ranks">How many ranks: gathered messages take room for each.</param>
    public static long Of(ExchangeOptions options, IReadOnlyList<IReadOnlyList<ShapedParameter>> batches, int ranks)
    {
        long parts = 0;
        int largest = 0;
        HashSet<(int Columns, int Buckets)> tables = [];
        foreach (ShapedParameter parameter in batches.SelectMany(batch => batch))
        {
            if (View(parameter, options) is { } matrix)
            {
                largest = Math.Max(largest, matrix.Length);
                parts += OfCompressor(matrix, options) + options.MemoryScratchBytes(matrix.Columns);
                if (options.SketchFunctions > 0)
                {
                    tables.Add((matrix.Columns, SketchHash.BucketsOf(matrix.Columns, options.BucketShare)));
                }
            }
        }

        long gathered = Largest(batches, batch => batch.Sum(parameter => Gathered(parameter, options)));
        MessageBuffers.RequireGatherable(gathered, ranks);
        return Largest(batches, batch => Math.Max(batch.Sum(Whole), batch.Sum(parameter => FirstRound(parameter, options))))
            + Largest(batches, batch => batch.Sum(parameter => SecondRound(parameter, options)))
            + ((1 + ranks) * gathered)
            + parts
            + tables.Sum(table => options.SketchFunctions * SketchHash.BytesOf(table.Columns, table.Buckets))
            + (options.IsDamped ? sizeof(float) * (long)largest : 0);
    }

    private static long Largest(
        IReadOnlyList<IReadOnlyList<ShapedParameter>> batches, Func<IReadOnlyList<ShapedParameter>, long> bytes) =>
        batches.Select(bytes).DefaultIfEmpty(0).Max();

    private static MatrixView? View(ShapedParameter parameter, ExchangeOptions options) =>
        Channel.CompressedView([.. parameter.Shape], parameter.Name, options);

    // In a step that does not compress; a large parameter travels in place.
    private static long Whole(ShapedParameter parameter) =>
        parameter.Length < MessageBuffers.AloneFrom ? sizeof(float) * (long)parameter.Length : 0;

    private static long FirstRound(ShapedParameter parameter, ExchangeOptions options) => View(parameter, options) is not { } matrix
        ? Whole(parameter)
        : options.Compressor switch
        {
            Compressor.RandomBlock or Compressor.RandomK => sizeof(float) * (long)RandomBlock.KeptOf(matrix.Length, options.Ratio),
            Compressor.PowerSgd => sizeof(float) * (long)matrix.Rows * PowerSgd.RankOf(matrix.Rows, matrix.Columns, options.Rank),
            _ => 0,
        };

    private static long SecondRound(ShapedParameter parameter, ExchangeOptions options) =>
        options.Compressor == Compressor.PowerSgd && View(parameter, options) is { } matrix
            ? sizeof(float) * (long)matrix.Columns * PowerSgd.RankOf(matrix.Rows, matrix.Columns, options.Rank)
            : 0;

    private static long Gathered(ShapedParameter parameter, ExchangeOptions options) =>
        options.Gathers && View(parameter, options) is { } matrix ? ExchangePlan.MessageBytesOf(matrix, options) : 0;

    private static long OfCompressor(MatrixView matrix, ExchangeOptions options) => options.Compressor switch
    {
        Compressor.RandomK => RandomK.ScratchBytesOf(matrix.Length, options.Ratio),
        Compressor.PowerSgd => PowerSgd.ScratchBytesOf(matrix.Rows, matrix.Columns, options.Rank, options.WarmStart),
        _ => 0,
    };
}
