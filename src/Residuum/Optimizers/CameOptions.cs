namespace Residuum.Optimizers;

/// <summary>Options of <see cref="Came"/>: section 5 of the baselines' page.</summary>
public sealed record CameOptions : OptimizerOptions
{
    /// <summary>Options with the defaults: learning rate 2e-4 (the authors' read-me; their code has none), no decay.</summary>
    public CameOptions() => LearningRate = 2e-4;

    /// <summary>Decay of the first moment, symbol beta1: in [0, 1), default 0.9 (the authors'). Per group and step.</summary>
    public double Beta1 { get; init; } = 0.9;

    /// <summary>Decay of the second moment, symbol beta2: in [0, 1), default 0.999 (the authors'). Per group and step.</summary>
    public double Beta2 { get; init; } = 0.999;

    /// <summary>Decay of the confidence, symbol beta3: in [0, 1), default 0.9999 (the authors'). Per group and step.</summary>
    public double Beta3 { get; init; } = 0.9999;

    /// <summary>What is added to squared gradients, symbol eps1: at least 0, default 1e-30 (the authors'). Per group and step.</summary>
    public double Epsilon1 { get; init; } = 1e-30;

    /// <summary>What is added to squared deviations, symbol eps2: at least 0, default 1e-16 (the authors'). Per group and step.</summary>
    public double Epsilon2 { get; init; } = 1e-16;

    /// <summary>
    /// The root mean square that an update is scaled down to, symbol clip: greater than 0, default 1 (the authors'). Per group and fixed.
    /// </summary>
    public double ClipThreshold { get; init; } = 1;

    /// <summary>
    /// Whether a tensor of more than two dimensions is taken as a matrix of its first dimension by all others, default false (the authors'
    /// last two dimensions). Per group and fixed.
    /// </summary>
    public bool FlattenTo2D { get; init; }

    internal static OptionTable<CameOptions> Table { get; } = new(
    [
        .. OptionTable.OfEveryMethod<CameOptions>(),
        Option.Number<CameOptions>("beta1", o => o.Beta1, (o, x) => o with { Beta1 = x }, live: true),
        Option.Number<CameOptions>("beta2", o => o.Beta2, (o, x) => o with { Beta2 = x }, live: true),
        Option.Number<CameOptions>("beta3", o => o.Beta3, (o, x) => o with { Beta3 = x }, live: true),
        Option.Number<CameOptions>("epsilon1", o => o.Epsilon1, (o, x) => o with { Epsilon1 = x }, live: true),
        Option.Number<CameOptions>("epsilon2", o => o.Epsilon2, (o, x) => o with { Epsilon2 = x }, live: true),
        Option.Number<CameOptions>("clipThreshold", o => o.ClipThreshold, (o, x) => o with { ClipThreshold = x }),
        Option.Flag<CameOptions>("flattenTo2D", o => o.FlattenTo2D, (o, x) => o with { FlattenTo2D = x }),
    ]);

    /// <inheritdoc/>
    public override IEnumerable<KeyValuePair<string, string>> FixedValues => Table.FixedValues(this);

    /// <inheritdoc/>
    protected internal override void Validate()
    {
        base.Validate();
        Require.InUnitInterval(Beta1, "beta1");
        Require.InUnitInterval(Beta2, "beta2");
        Require.InUnitInterval(Beta3, "beta3");
        Require.NonNegative(Epsilon1, "epsilon1");
        Require.NonNegative(Epsilon2, "epsilon2");
        Require.Positive(ClipThreshold, "clipThreshold");
    }
}
