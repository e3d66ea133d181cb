using Residuum.Compression;
using Residuum.Numerics;

namespace Residuum.Distributed.Exchange;

/// <summary>One parameter's way through the exchange: what is sent of it and where the rest goes.</summary>
internal sealed class Channel
{
    /// <summary>Makes the way of a parameter.</summary>
    /// <param name="parameter">The parameter.</param>
    /// <param name="index">Its position in the list.</param>
    /// <param name="options">How gradients travel.</param>
    /// <param name="parts">What error memories share.</param>
    /// <param name="work">Shares matrix products between threads.</param>
    public Channel(Parameter parameter, int index, ExchangeOptions options, MemoryParts parts, WorkSharing work)
    {
        Parameter = parameter;
        Index = index;
        Dense = new DenseMessage(parameter.Length);
        if (CompressedView(parameter.Shape, parameter.Name, options) is not { } matrix)
        {
            return;
        }

        ulong seed = (ulong)options.Seed;
        Compressor = options.Compressor switch
        {
            Exchange.Compressor.RandomBlock => new RandomBlock(matrix.Length, options.Ratio, options.Scaled, seed, (ulong)index),
            Exchange.Compressor.RandomK => new RandomK(matrix.Length, options.Ratio, options.Scaled, seed, (ulong)index),
            Exchange.Compressor.PowerSgd => new PowerSgd(
                matrix.Rows, matrix.Columns, options.Rank, options.OrthogonalizationEpsilon, options.WarmStart, seed, (ulong)index, work),
            Exchange.Compressor.TopK => new TopK(matrix.Length, options.Ratio),
            Exchange.Compressor.ScaledSign => new ScaledSign(matrix.Length),
            _ => new Qsgd(matrix.Length, options.QuantizationBlock, options.QuantizationLevels, seed, (ulong)index),
        };
        Memory = options.CreateMemory(parameter, matrix, parts);
    }

    /// <summary>The parameter.</summary>
    public Parameter Parameter { get; }

    /// <summary>Its position in the list of all parameters.</summary>
    public int Index { get; }

    /// <summary>How it travels whole: always if it is not compressed, else during warm-up.</summary>
    public DenseMessage Dense { get; }

    /// <summary>What is sent of it, or null if it is never compressed.</summary>
    public MessageCompressor? Compressor { get; }

    /// <summary>Where the rest goes, or null if it is never compressed.</summary>
    public ErrorMemory.ErrorMemory? Memory { get; }

    /// <summary>How it travels in the step at hand.</summary>
    public Route Route { get; private set; }

    /// <summary>
    /// Where its message starts in that of all parameters: first round, second round; or that of this rank, where gathered.
    /// </summary>
    public int[] Start { get; } = new int[2];

    /// <summary>Chooses the route of a step.</summary>
    /// <param name="compresses">Whether the step compresses: not during warm-up.</param>
    /// <param name="aloneFrom">From how many entries on a parameter travels alone.</param>
    public void ChooseRoute(bool compresses, int aloneFrom) => Route = !Parameter.HasGradient || Parameter.Length == 0
        ? Route.None
        : RouteOf(compresses, aloneFrom);

    /// <summary>The route of a parameter that has a gradient.</summary>
    public Route RouteOf(bool compresses, int aloneFrom) => (Compressor, compresses) switch
    {
        (SummedCompressor, true) => Route.Summed,
        (GatheredCompressor, true) => Route.Gathered,
        _ => Parameter.Length >= aloneFrom ? Route.Alone : Route.Whole,
    };

    /// <summary>The matrix of a parameter that is compressed, or null.</summary>
    public static MatrixView? CompressedView(ReadOnlySpan<int> shape, string name, ExchangeOptions options) =>
        MatrixView.Of(shape, name) is { } matrix
        && options.Compressor != Exchange.Compressor.None
        && (options.Compressor != Exchange.Compressor.PowerSgd
            || PowerSgd.Pays(matrix.Rows, matrix.Columns, options.Rank, options.MinCompressionRate))
            ? matrix
            : null;
}
