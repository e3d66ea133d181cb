using Residuum.Optimizers;
using Residuum.State;

namespace Residuum.Distributed.Exchange;

/// <summary>How gradients travel between ranks: the options that all exchanges have (methods page of ConEF, section 10).</summary>
/// <remarks>Parameters of one dimension, and scalars, are never compressed. All ranks must have the same options.</remarks>
public abstract record ExchangeOptions
{
    private protected ExchangeOptions()
    {
    }

    /// <summary>The exchange's name in kebab-case.</summary>
    public abstract string Name { get; }

    /// <summary>
    /// Whether gradients or whole updates of SGD are exchanged, the latter with efsgd only; default gradients, as in ConEF's authors' code.
    /// </summary>
    public StepOrder Order { get; init; } = StepOrder.AggregateThenOptimize;

    /// <summary>What is sent; default <see cref="Compressor.RandomBlock"/>, the authors' main one.</summary>
    public Compressor Compressor { get; init; } = Compressor.RandomBlock;

    /// <summary>
    /// For randomBlock, randomK and topK: k = max(1, floor(ratio * n)) entries of n are sent; in (0, 1], default 0.1 as in the authors'
    /// scripts.
    /// </summary>
    public double Ratio { get; init; } = 0.1;

    /// <summary>
    /// For randomBlock and randomK: values are multiplied by n/k, which is unbiased but no contraction; only without error feedback.
    /// Default false.
    /// </summary>
    public bool Scaled { get; init; }

    /// <summary>For powerSgd: r = min(R, D, rank), at least 1; default 4 as in the authors' scripts.</summary>
    public int Rank { get; init; } = 4;

    /// <summary>For powerSgd: a matrix is compressed only if (R + D) r times this is less than R D; positive, default 2.</summary>
    public double MinCompressionRate { get; init; } = 2;

    /// <summary>For powerSgd: added to the norm that a column is divided by; at least 0, default 0.</summary>
    public double OrthogonalizationEpsilon { get; init; }

    /// <summary>For powerSgd: whether the Q of the step before is used again; default true.</summary>
    public bool WarmStart { get; init; } = true;

    /// <summary>For qsgd: entries of a bucket, at least 1; default 128 as in GRACE.</summary>
    public int QuantizationBlock { get; init; } = 128;

    /// <summary>For qsgd: levels S from 1 to 32767; default 127, which makes 8 bits an entry.</summary>
    public int QuantizationLevels { get; init; } = 127;

    /// <summary>
    /// The first so many steps send everything and leave the error memories alone; at least 0, default 0 (the authors' scripts: 10).
    /// </summary>
    public int StartCompressionStep { get; init; }

    /// <summary>The seed of the draws that all ranks share; at least 0, default 42.</summary>
    public int Seed { get; init; } = 42;

    /// <summary>Whether updates may be exchanged.</summary>
    internal virtual bool AllowsLocalStep => false;

    /// <summary>Whether messages are gathered from all ranks, because they cannot be summed.</summary>
    internal bool Gathers => Compressor is Compressor.TopK or Compressor.ScaledSign or Compressor.Qsgd;

    /// <summary>Whether what is not sent comes back.</summary>
    internal virtual bool FeedsBack => true;

    /// <summary>All options by name, as text.</summary>
    public abstract IEnumerable<KeyValuePair<string, string>> Values { get; }

    /// <summary>The options that every exchange has, by name.</summary>
    private protected static IEnumerable<Option<TOptions>> OfEveryExchange<TOptions>()
        where TOptions : ExchangeOptions =>
    [
        Option.Choice<TOptions, StepOrder>("order", o => o.Order, (o, x) => (TOptions)((ExchangeOptions)o with { Order = x })),
        Option.Choice<TOptions, Compressor>(
            "compressor", o => o.Compressor, (o, x) => (TOptions)((ExchangeOptions)o with { Compressor = x })),
        Option.Number<TOptions>("ratio", o => o.Ratio, (o, x) => (TOptions)((ExchangeOptions)o with { Ratio = x })),
        Option.Flag<TOptions>("scaled", o => o.Scaled, (o, x) => (TOptions)((ExchangeOptions)o with { Scaled = x })),
        Option.Integer<TOptions>("rank", o => o.Rank, (o, x) => (TOptions)((ExchangeOptions)o with { Rank = x })),
        Option.Number<TOptions>(
            "minCompressionRate", o => o.MinCompressionRate, (o, x) => (TOptions)((ExchangeOptions)o with { MinCompressionRate = x })),
        Option.Number<TOptions>(
            "orthogonalizationEpsilon",
            o => o.OrthogonalizationEpsilon,
            (o, x) => (TOptions)((ExchangeOptions)o with { OrthogonalizationEpsilon = x })),
        Option.Flag<TOptions>("warmStart", o => o.WarmStart, (o, x) => (TOptions)((ExchangeOptions)o with { WarmStart = x })),
        Option.Integer<TOptions>(
            "quantizationBlock", o => o.QuantizationBlock, (o, x) => (TOptions)((ExchangeOptions)o with { QuantizationBlock = x })),
        Option.Integer<TOptions>(
            "quantizationLevels", o => o.QuantizationLevels, (o, x) => (TOptions)((ExchangeOptions)o with { QuantizationLevels = x })),
        Option.Integer<TOptions>(
            "startCompressionStep",
            o => o.StartCompressionStep,
            (o, x) => (TOptions)((ExchangeOptions)o with { StartCompressionStep = x })),
        Option.Integer<TOptions>("seed", o => o.Seed, (o, x) => (TOptions)((ExchangeOptions)o with { Seed = x })),
    ];

    /// <summary>The fields of the error memory of a matrix.</summary>
    internal abstract IEnumerable<FieldSpec> MemoryFields(int rows, int columns);

    /// <summary>The working memory of the error memory of a matrix, hash tables apart.</summary>
    internal virtual long MemoryScratchBytes(int columns) => 0;

    /// <summary>How many hash functions the error memories have; 0 for those that are no sketches.</summary>
    internal virtual int SketchFunctions => 0;

    /// <summary>Buckets of a sketch for each column.</summary>
    internal virtual double BucketShare => 0;

    /// <summary>Whether error memories share working memory of the largest matrix: those that keep a part of what they give back.</summary>
    internal virtual bool IsDamped => false;

    /// <summary>Makes the empty error memory of a matrix.</summary>
    internal abstract ErrorMemory.ErrorMemory CreateMemory(Parameter parameter, MatrixView matrix, MemoryParts parts);

    /// <summary>Checks the options.</summary>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of its range.</exception>
    /// <exception cref="ArgumentException">Two options do not go together.</exception>
    internal virtual void Validate()
    {
        if (Order == StepOrder.LocalStep && !AllowsLocalStep)
        {
            throw new ArgumentException(
                $"The option order is localStep, which only efsgd has; for {Name} it must be aggregateThenOptimize.", "order");
        }

        Require.Fraction(Ratio, "ratio");
        Require.AtLeast(Rank, 1, "rank");
        Require.Positive(MinCompressionRate, "minCompressionRate");
        Require.NonNegative(OrthogonalizationEpsilon, "orthogonalizationEpsilon");
        Require.AtLeast(QuantizationBlock, 1, "quantizationBlock");
        Require.Between(QuantizationLevels, 1, 32_767, "quantizationLevels");
        Require.AtLeast(StartCompressionStep, 0, "startCompressionStep");
        Require.AtLeast(Seed, 0, "seed");
        bool isBlockwise = Compressor is Compressor.RandomBlock or Compressor.RandomK;
        if (FeedsBack && ((Scaled && isBlockwise) || Compressor == Compressor.Qsgd))
        {
            string cause = Compressor == Compressor.Qsgd ? "compressor=qsgd" : "scaled=true";
            throw new ArgumentException(
                $"The option {cause} sends unbiased messages, which are no contraction: it needs efsgd with errorFeedback=false.",
                "compressor");
        }
    }
}
