namespace Residuum.Optimizers;

/// <summary>The options that families of methods share.</summary>
internal static class OptionTable
{
    // A with-expression on a base record copies the derived record it is applied to.
    public static IEnumerable<Option<TOptions>> OfEveryMethod<TOptions>()
        where TOptions : OptimizerOptions =>
    [
        Option.Number<TOptions>(
            "learningRate", o => o.LearningRate, (o, x) => (TOptions)((OptimizerOptions)o with { LearningRate = x }), live: true),
        Option.Number<TOptions>(
            "weightDecay", o => o.WeightDecay, (o, x) => (TOptions)((OptimizerOptions)o with { WeightDecay = x }), live: true),
    ];

    public static IEnumerable<Option<TOptions>> OfAdamFamily<TOptions>()
        where TOptions : AdamFamilyOptions =>
    [
        .. OfEveryMethod<TOptions>(),
        Option.Number<TOptions>("beta1", o => o.Beta1, (o, x) => (TOptions)((AdamFamilyOptions)o with { Beta1 = x }), live: true),
        Option.Number<TOptions>("beta2", o => o.Beta2, (o, x) => (TOptions)((AdamFamilyOptions)o with { Beta2 = x }), live: true),
        Option.Number<TOptions>("epsilon", o => o.Epsilon, (o, x) => (TOptions)((AdamFamilyOptions)o with { Epsilon = x }), live: true),
    ];
}
