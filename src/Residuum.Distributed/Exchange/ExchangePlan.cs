using Residuum.Compression;
using Residuum.Optimizers;
using Residuum.State;

namespace Residuum.Distributed.Exchange;

/// <summary>What an exchange will send and remember, known from shapes and options alone.</summary>
/// <param name="RankFields">Every field of the error memories of a rank, with the parameter it belongs to.</param>
/// <param name="SharedFields">PowerSGD's Q, the same on all ranks.</param>
/// <param name="ScratchBytes">The bytes of working memory: equals <see cref="GradientExchange.ScratchBytes"/>.</param>
/// <param name="MessageBytes">The bytes of a rank's messages in a step after the warm-up.</param>
/// <param name="DenseBytes">The bytes of uncompressed messages.</param>
public sealed record ExchangePlan(
    IReadOnlyList<PlannedField> RankFields, IReadOnlyList<PlannedField> SharedFields, long ScratchBytes, long MessageBytes, long DenseBytes)
{
    /// <summary>The bytes of a rank's error memories: equals <see cref="GradientExchange.ErrorBytes"/>.</summary>
    public long ErrorBytes => RankFields.Sum(planned => planned.Spec.Bytes);

    /// <summary>Plans an exchange.</summary>
    /// <param name="options">How gradients travel.</param>
    /// <param name="parameters">Names and shapes.</param>
    /// <param name="ranks">How many ranks: where messages are gathered, working memory depends on it.</param>
    /// <param name="dividesGradients">Whether gradients are divided between the ranks: they travel bucket by bucket.</param>
    /// <exception cref="ArgumentException">The messages could not be held.</exception>
    public static ExchangePlan Of(
        ExchangeOptions options, IReadOnlyList<ShapedParameter> parameters, int ranks = 1, bool dividesGradients = false)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(parameters);
        List<PlannedField> ofRank = [];
        List<PlannedField> shared = [];
        long message = 0;
        long dense = 0;
        foreach (ShapedParameter parameter in parameters)
        {
            long whole = sizeof(float) * (long)parameter.Length;
            dense += whole;
            if (Channel.CompressedView([.. parameter.Shape], parameter.Name, options) is not { } matrix)
            {
                message += whole;
                continue;
            }

            message += MessageBytesOf(matrix, options);
            ofRank.AddRange(options.MemoryFields(matrix.Rows, matrix.Columns).Select(spec => new PlannedField(parameter.Name, spec)));
            if (options.Compressor == Compressor.PowerSgd)
            {
                IEnumerable<FieldSpec> q = PowerSgd.Fields(matrix.Rows, matrix.Columns, options.Rank, options.WarmStart);
                shared.AddRange(q.Select(spec => new PlannedField(parameter.Name, spec)));
            }
        }

        long scratch = RankAgreement.BytesOf(parameters.Count, ranks) + MessageScratch(options, parameters, ranks, dividesGradients);
        return new ExchangePlan(ofRank, shared, scratch, message, dense);
    }

    private static long MessageScratch(
        ExchangeOptions options, IReadOnlyList<ShapedParameter> parameters, int ranks, bool dividesGradients)
    {
        if (!dividesGradients)
        {
            return ExchangeScratch.Of(options, [parameters], ranks);
        }

        if (options.Compressor == Compressor.None)
        {
            // They are summed in the gradients' own memory.
            return 0;
        }

        IReadOnlyList<Range> buckets = GradientBuckets.Of([.. parameters.Select(parameter => parameter.Length)]);
        return ExchangeScratch.Of(options, [.. buckets.Select(bucket => parameters.Take(bucket).ToArray())], ranks)
            + buckets.Sum(bucket => RankAgreement.BytesOf(bucket.End.Value - bucket.Start.Value, ranks));
    }

    /// <summary>The bytes of a compressed matrix on its way, both rounds together.</summary>
    internal static long MessageBytesOf(MatrixView matrix, ExchangeOptions options)
    {
        long n = matrix.Length;
        long kept = RandomBlock.KeptOf(matrix.Length, options.Ratio);
        long rank = PowerSgd.RankOf(matrix.Rows, matrix.Columns, options.Rank);
        return options.Compressor switch
        {
            Compressor.PowerSgd => sizeof(float) * rank * ((long)matrix.Rows + matrix.Columns),
            Compressor.TopK => 8 * kept,
            Compressor.ScaledSign => sizeof(float) + ((n + 7) / 8),
            Compressor.Qsgd => Qsgd.MessageBytesOf(matrix.Length, options.QuantizationBlock, options.QuantizationLevels),
            _ => sizeof(float) * kept,
        };
    }
}
