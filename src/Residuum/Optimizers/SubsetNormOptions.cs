using Residuum.Preconditioning;

namespace Residuum.Optimizers;

/// <summary>Options of <see cref="SubsetNorm"/>: section 7 of the baselines' page.</summary>
public sealed record SubsetNormOptions : AdamFamilyOptions
{
    /// <summary>Options with the defaults: learning rate 1e-3, betas 0.9 and 0.999, epsilon 1e-6, no decay (the authors').</summary>
    public SubsetNormOptions()
    {
        LearningRate = 1e-3;
        Epsilon = 1e-6;
    }

    /// <summary>Which entries share a second moment, default <see cref="SubsetSize.Heuristic"/>. Per group and fixed.</summary>
    public SubsetSize SubsetSize { get; init; } = SubsetSize.Heuristic;

    /// <summary>Whether Adam's bias correction is applied, default true; must be false where beta2 is 1. Per group and fixed.</summary>
    public bool BiasCorrection { get; init; } = true;

    internal static OptionTable<SubsetNormOptions> Table { get; } = new(
    [
        .. OptionTable.OfAdamFamily<SubsetNormOptions>(),
        Option.Subset<SubsetNormOptions>("subsetSize", o => o.SubsetSize, (o, x) => o with { SubsetSize = x }),
        Option.Flag<SubsetNormOptions>("biasCorrection", o => o.BiasCorrection, (o, x) => o with { BiasCorrection = x }),
    ]);

    /// <inheritdoc/>
    public override IEnumerable<KeyValuePair<string, string>> FixedValues => Table.FixedValues(this);

    /// <inheritdoc/>
    protected internal override void Validate()
    {
        if (Beta2 == 1 && BiasCorrection)
        {
            throw new ArgumentException("The option biasCorrection is true; it must be false where beta2 is 1, since the correction would be 0.", "biasCorrection");
        }
    }
}
