using System.Globalization;
using System.Text.Json;
using Residuum.ErrorMemory;

namespace Residuum.Optimizers;

/// <summary>The options that the methods with a window of gradients share, by name.</summary>
internal static class WindowOptionTable
{
    public static IEnumerable<Option<TOptions>> OfFisherFamily<TOptions>()
        where TOptions : FisherOptions =>
    [
        .. OfEveryWindow<TOptions>(),
        Option.Number<TOptions>("damping", o => o.Damping, (o, x) => (TOptions)((FisherOptions)o with { Damping = x }), live: true),
        Option.Choice<TOptions, FisherCount>("fisherCount", o => o.FisherCount,
            (o, x) => (TOptions)((FisherOptions)o with { FisherCount = x })),
        Option.Number<TOptions>("momentum", o => o.Momentum, (o, x) => (TOptions)((FisherOptions)o with { Momentum = x }), live: true),
        Option.Choice<TOptions, MomentumForm>("momentumForm", o => o.MomentumForm,
            (o, x) => (TOptions)((FisherOptions)o with { MomentumForm = x })),
    ];

    public static IEnumerable<Option<TOptions>> OfAdaGradFamily<TOptions>()
        where TOptions : AdaGradWindowOptions =>
    [
        .. OfEveryWindow<TOptions>(),
        Option.Number<TOptions>("epsilon", o => o.Epsilon, (o, x) => (TOptions)((AdaGradWindowOptions)o with { Epsilon = x }), live: true),
        Option.Number<TOptions>("beta1", o => o.Beta1, (o, x) => (TOptions)((AdaGradWindowOptions)o with { Beta1 = x }), live: true),
        Option.Number<TOptions>("beta2", o => o.Beta2, (o, x) => (TOptions)((AdaGradWindowOptions)o with { Beta2 = x }), live: true),
        Option.Number<TOptions>("gramJitter", o => o.GramJitter, (o, x) => (TOptions)((AdaGradWindowOptions)o with { GramJitter = x })),
        Option.Number<TOptions>("momentum", _ => 0, WithoutMomentum) with { IsIdle = true },
        Option.Choice<TOptions, MomentumForm>("momentumForm", _ => MomentumForm.HeavyBall, (o, _) => o) with { IsIdle = true },
    ];

    /// <summary>Of windows of whole gradients: there is no error, so that it changes nothing whether it is fed back.</summary>
    public static IEnumerable<Option<TOptions>> OfNoError<TOptions>() =>
        [Option.Flag<TOptions>("errorFeedback", _ => true, (o, _) => o) with { IsIdle = true }];

    public static IEnumerable<Option<TOptions>> OfTopK<TOptions>(
        Func<TOptions, TopKWindowOptions> get, Func<TOptions, TopKWindowOptions, TOptions> set) =>
    [
        Option.Number<TOptions>("density", o => get(o).Density, (o, x) => set(o, get(o) with { Density = x })),
        Option.Integer<TOptions>("topKBlockSize", o => get(o).TopKBlockSize, (o, x) => set(o, get(o) with { TopKBlockSize = x })),
        Option.Choice<TOptions, ValueStorage>("windowValues", o => get(o).WindowValues, (o, x) => set(o, get(o) with { WindowValues = x })),
    ];

    public static IEnumerable<Option<TOptions>> OfLowRank<TOptions>(
        Func<TOptions, LowRankWindowOptions> get, Func<TOptions, LowRankWindowOptions, TOptions> set) =>
    [
        Option.Integer<TOptions>("rank", o => get(o).Rank, (o, x) => set(o, get(o) with { Rank = x })),
        // Where state starts, not what the method is: a checkpoint has the state and need not record it.
        new("initialQ", IsLive: true, "a JSON object of lists of numbers", o => Text(get(o).InitialQ),
            (o, x) => set(o, get(o) with { InitialQ = Factors(x) })),
        Option.Flag<TOptions>("qFromWeights", o => get(o).QFromWeights, (o, x) => set(o, get(o) with { QFromWeights = x })),
    ];

    public static IEnumerable<Option<TOptions>> OfError<TOptions>(
        Func<TOptions, WindowErrorOptions> get, Func<TOptions, WindowErrorOptions, TOptions> set) =>
    [
        Option.Flag<TOptions>("errorFeedback", o => get(o).ErrorFeedback, (o, x) => set(o, get(o) with { ErrorFeedback = x })),
        Option.Integer<TOptions>("errorBits", o => get(o).ErrorBits, (o, x) => set(o, get(o) with { ErrorBits = x })),
        Option.Integer<TOptions>("quantBucketSize", o => get(o).QuantBucketSize, (o, x) => set(o, get(o) with { QuantBucketSize = x })),
        Option.Choice<TOptions, RangeStorage>("rangeStorage", o => get(o).RangeStorage, (o, x) => set(o, get(o) with { RangeStorage = x })),
    ];

    private static IEnumerable<Option<TOptions>> OfEveryWindow<TOptions>()
        where TOptions : WindowOptions =>
    [
        .. OptionTable.OfEveryMethod<TOptions>(),
        Option.Choice<TOptions, WeightDecayMode>("weightDecayMode", o => o.WeightDecayMode,
            (o, x) => (TOptions)((WindowOptions)o with { WeightDecayMode = x })),
        Option.Integer<TOptions>("window", o => o.Window, (o, x) => (TOptions)((WindowOptions)o with { Window = x })),
        Option.Number<TOptions>("clipUpdateNorm", o => o.ClipUpdateNorm,
            (o, x) => (TOptions)((WindowOptions)o with { ClipUpdateNorm = x })),
    ];

    private static TOptions WithoutMomentum<TOptions>(TOptions options, double momentum) => momentum == 0
        ? options
        : throw new ArgumentException(
            $"The option momentum is {momentum}; it must be 0, since methods of the GGT family have no momentum on the update.",
            nameof(momentum));

    private static string Text(IReadOnlyDictionary<string, IReadOnlyList<double>> factors)
    {
        IEnumerable<string> members = factors.Select(factor =>
            $"\"{JsonEncodedText.Encode(factor.Key)}\":[{string.Join(',', factor.Value.Select(Text))}]");
        return $"{{{string.Join(',', members)}}}";
    }

    private static string Text(double x) => x.ToString("R", CultureInfo.InvariantCulture);

    private static Dictionary<string, IReadOnlyList<double>> Factors(string text)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(text, new JsonDocumentOptions { AllowDuplicateProperties = false });
            return document.RootElement.EnumerateObject().ToDictionary(
                member => member.Name,
                member => (IReadOnlyList<double>)[.. member.Value.EnumerateArray().Select(number => number.GetDouble())],
                StringComparer.Ordinal);
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException or FormatException)
        {
            throw new ArgumentException(
                $"The option initialQ is not a JSON object of lists of numbers: {exception.Message}", "initialQ", exception);
        }
    }
}
