namespace Residuum.Optimizers;

/// <summary>Options of <see cref="Adafactor"/>: section 6 of the baselines' page.</summary>
/// <remarks>
/// Without a learning rate steps are relative to the size of the weights. With one, set <see cref="ScaleParameter"/> to false unless the
/// rate is meant as a share of that size.
/// </remarks>
public sealed record AdafactorOptions : OptimizerOptions
{
    /// <summary>
    /// Decay of the first moment, symbol beta1: in [0, 1), or null (default) for none. Per group and step where it is not null.
    /// </summary>
    public double? Beta1 { get; init; }

    /// <summary>What is added to squared gradients, symbol eps1: at least 0, default 1e-30 (the authors'). Per group and step.</summary>
    public double Epsilon1 { get; init; } = 1e-30;

    /// <summary>The least size that weights count as, symbol eps2: at least 0, default 1e-3 (the authors'). Per group and step.</summary>
    public double Epsilon2 { get; init; } = 1e-3;

    /// <summary>
    /// The root mean square that an update is scaled down to, symbol clip: greater than 0, default 1 (the authors'). Per group and fixed.
    /// </summary>
    public double ClipThreshold { get; init; } = 1;

    /// <summary>The exponent c of beta2 = 1 - t^c: less than 0, default -0.8 (the authors'). Per group and fixed.</summary>
    public double DecayRate { get; init; } = -0.8;

    /// <summary>
    /// Whether the rate is multiplied by the root mean square of the weights, default true (the authors'). Per group and fixed.
    /// </summary>
    public bool ScaleParameter { get; init; } = true;

    /// <summary>
    /// Whether the rate is min(1e-2, 1 / sqrt(t)) instead of the learning rate; null (default): where no learning rate, or 0, is set. Per
    /// group and fixed.
    /// </summary>
    public bool? RelativeStep { get; init; }

    /// <summary>Whether relative steps begin with the rate 1e-6 t, default false (the authors'). Per group and fixed.</summary>
    public bool WarmupInit { get; init; }

    /// <summary>What <see cref="RelativeStep"/> comes to.</summary>
    public bool UsesRelativeStep => RelativeStep ?? LearningRate == 0;

    internal static OptionTable<AdafactorOptions> Table { get; } = new(
    [
        Option.OptionalNumber<AdafactorOptions>("learningRate", RateOf, WithRate, live: true),
        Option.Number<AdafactorOptions>("weightDecay", o => o.WeightDecay, (o, x) => o with { WeightDecay = x }, live: true),
        Option.OptionalNumber<AdafactorOptions>("beta1", o => o.Beta1, (o, x) => o with { Beta1 = x }, live: true),
        Option.Number<AdafactorOptions>("epsilon1", o => o.Epsilon1, (o, x) => o with { Epsilon1 = x }, live: true),
        Option.Number<AdafactorOptions>("epsilon2", o => o.Epsilon2, (o, x) => o with { Epsilon2 = x }, live: true),
        Option.Number<AdafactorOptions>("clipThreshold", o => o.ClipThreshold, (o, x) => o with { ClipThreshold = x }),
        Option.Number<AdafactorOptions>("decayRate", o => o.DecayRate, (o, x) => o with { DecayRate = x }),
        Option.Flag<AdafactorOptions>("scaleParameter", o => o.ScaleParameter, (o, x) => o with { ScaleParameter = x }),
        Option.Flag<AdafactorOptions>("relativeStep", o => o.UsesRelativeStep, (o, x) => o with { RelativeStep = x }),
        Option.Flag<AdafactorOptions>("warmupInit", o => o.WarmupInit, (o, x) => o with { WarmupInit = x }),
    ]);

    /// <inheritdoc/>
    public override IEnumerable<KeyValuePair<string, string>> FixedValues => Table.FixedValues(this);

    /// <inheritdoc/>
    protected internal override void Validate()
    {
        base.Validate();
        Require.InUnitInterval(Beta1 ?? 0, "beta1");
        Require.NonNegative(Epsilon1, "epsilon1");
        Require.NonNegative(Epsilon2, "epsilon2");
        Require.Positive(ClipThreshold, "clipThreshold");
        if (!(DecayRate < 0 && double.IsFinite(DecayRate)))
        {
            throw new ArgumentOutOfRangeException(
                "decayRate", DecayRate, $"The option decayRate is {DecayRate}; it must be finite and less than 0.");
        }

        if (!UsesRelativeStep && LearningRate == 0)
        {
            throw new ArgumentException(
                "The option learningRate is absent; it must be greater than 0 where relativeStep is false.", "learningRate");
        }

        if (WarmupInit && !UsesRelativeStep)
        {
            throw new ArgumentException("The option warmupInit is true; it must be false where relativeStep is false.", "warmupInit");
        }
    }

    private static double? RateOf(AdafactorOptions options) => options.LearningRate == 0 ? null : options.LearningRate;

    // A rate means that steps are not relative, unless that is said too.
    private static AdafactorOptions WithRate(AdafactorOptions options, double? rate) => rate is { } number
        ? options with { LearningRate = number, RelativeStep = options.RelativeStep ?? false }
        : options with { LearningRate = 0 };
}
