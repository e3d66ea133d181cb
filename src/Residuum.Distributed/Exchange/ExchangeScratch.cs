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
    /// <param name="parameters">Names and shapes.</param>
    /// <param name="ranks">How many ranks: gathered messages take room for each.</param>
    public static long Of(ExchangeOptions options, IReadOnlyList<ShapedParameter> parameters, int ranks)
    {
        long uncompressed = 0;
        long compressed = 0;
        long parts = 0;
        int largest = 0;
        HashSet<(int Columns, int Buckets)> tables = [];
        foreach (ShapedParameter parameter in parameters)
        {
            long whole = parameter.Length < MessageBuffers.AloneFrom ? sizeof(float) * (long)parameter.Length : 0;
            uncompressed += whole;
            if (Channel.CompressedView([.. parameter.Shape], parameter.Name, options) is not { } matrix)
            {
                compressed += whole;
                continue;
            }

            largest = Math.Max(largest, matrix.Length);
            parts += OfCompressor(matrix, options, ranks) + options.MemoryScratchBytes(matrix.Columns);
            compressed += FirstRound(matrix, options);
            if (options.SketchFunctions > 0)
            {
                tables.Add((matrix.Columns, SketchHash.BucketsOf(matrix.Columns, options.BucketShare)));
            }
        }

        return Math.Max(uncompressed, compressed) + parts
            + tables.Sum(table => options.SketchFunctions * SketchHash.BytesOf(table.Columns, table.Buckets))
            + (options.IsDamped ? sizeof(float) * (long)largest : 0)
            + RankAgreement.BytesOf(parameters.Count, ranks);
    }

    // What takes the place of the whole parameter in the message of the first round.
    private static long FirstRound(MatrixView matrix, ExchangeOptions options) => options.Compressor switch
    {
        Compressor.RandomBlock or Compressor.RandomK => sizeof(float) * (long)RandomBlock.KeptOf(matrix.Length, options.Ratio),
        Compressor.PowerSgd => sizeof(float) * (long)matrix.Rows * PowerSgd.RankOf(matrix.Rows, matrix.Columns, options.Rank),
        _ => 0,
    };

    // Second rounds, gathered messages, and the compressor's own.
    private static long OfCompressor(MatrixView matrix, ExchangeOptions options, int ranks) => options.Compressor switch
    {
        Compressor.RandomBlock => 0,
        Compressor.RandomK => RandomK.ScratchBytesOf(matrix.Length, options.Ratio),
        Compressor.PowerSgd => (sizeof(float) * (long)matrix.Columns * PowerSgd.RankOf(matrix.Rows, matrix.Columns, options.Rank))
            + PowerSgd.ScratchBytesOf(matrix.Rows, matrix.Columns, options.Rank, options.WarmStart),
        _ => (1 + ranks) * ExchangePlan.MessageBytesOf(matrix, options),
    };
}
