using Residuum.Preconditioning;

namespace Residuum.Optimizers;

/// <summary>Options of <see cref="SubsetNorm"/>: section 7 of the baselines' page.</summary>
public sealed record SubsetNormOptions : MatrixOptions
{
    /// <summary>Options with the defaults: learning rate 1e-3, betas 0.9 and 0.999, epsilon 1e-6, no decay (the authors').</summary>
    public SubsetNormOptions()
    {
        LearningRate = 1e-3;
        Epsilon = 1e-6;
    }

    /// <summary>
    /// Which entries share a second moment, default <see cref="SubsetSize.Heuristic"/>, which is for matrices by the rule of <see
    /// cref="MatrixOptions"/> alone; other subsets are those of every tensor. Per group and fixed.
    /// </summary>
    public SubsetSize SubsetSize { get; init; } = SubsetSize.Heuristic;

    /// <summary>Whether Adam's bias correction is applied, default true; must be false where beta2 is 1. Per group and fixed.</summary>
    public bool BiasCorrection { get; init; } = true;

    internal static OptionTable<SubsetNormOptions> Table { get; } = new(
    [
        .. OptionTable.OfAdamFamily<SubsetNormOptions>(),
        .. LowRankTable.OfMatrices<SubsetNormOptions>(),
        Option.Subset<SubsetNormOptions>("subsetSize", o => o.SubsetSize, (o, x) => o with { SubsetSize = x }),
        Option.Flag<SubsetNormOptions>("biasCorrection", o => o.BiasCorrection, (o, x) => o with { BiasCorrection = x }),
    ]);

    /// <inheritdoc/>
    public override IEnumerable<KeyValuePair<string, string>> FixedValues => Table.FixedValues(this);

    /// <summary>A group made with beta1 = 0 keeps no first moment.</summary>
    protected internal override bool HasFirstMoment => Beta1 > 0;

    /// <summary>beta2 = 1 sums up as AdaGrad does; with bias correction the factor would be 0.</summary>
    protected internal override bool AllowsBeta2One => !BiasCorrection;

    /// <summary>The subsets of a parameter's entries, and the shape they are subsets of.</summary>
    internal (int[] Shape, SubsetSize Size) Subsets(string name, IReadOnlyList<int> shape) =>
        LowRankRule.Subsets(name, shape, this, SubsetSize);

    /// <inheritdoc/>
    protected internal override void Validate()
    {
        if (Beta2 == 1 && BiasCorrection)
        {
            throw new ArgumentException(
                "The option biasCorrection is true; it must be false where beta2 is 1, since the correction would be 0.", "biasCorrection");
        }

        base.Validate();
    }
}
