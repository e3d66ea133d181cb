namespace Residuum.Training.Recipes;

/// <summary>How a recipe uses a method unless somebody says otherwise.</summary>
/// <param name="Rate">The base learning rate.</param>
/// <param name="Options">Other options that differ from the method's own defaults: camelCase names and values as text.</param>
public sealed record RecipeOptimizer(double Rate, params IReadOnlyList<KeyValuePair<string, string>> Options)
{
    // Found on fashion-mlp at the default windows. The first acts as the rate times the window, the second is about the length of a step.
    private const double OfFisherFamily = 2e-3;
    private const double OfAdaGradFamily = 1;

    private static readonly KeyValuePair<string, string> SixteenDirections = new("rank", "16");

    // The norm of a method with bias correction: without it the first steps are many times too long.
    private static readonly KeyValuePair<string, string> AdamLength = new("grafting", "adam");

    /// <summary>
    /// <c>microadam</c> with one row of 10 % instead of ten of 1 %, in the same bytes. The page's defaults are for fine-tuning; from
    /// scratch, in a few hundred or thousand updates, an entry that is kept every tenth step learns faster than one that is kept every
    /// hundredth (docs/results.md).
    /// </summary>
    /// <param name="rate">The base learning rate.</param>
    internal static RecipeOptimizer WideRow(double rate) => new(
        rate, new KeyValuePair<string, string>("window", "1"), new KeyValuePair<string, string>("density", "0.1"));

    /// <summary>The methods that every recipe has rates for.</summary>
    /// <remarks>
    /// The rates of methods that are kin to AdamW follow from its rate, as searches on fashion-mlp and glosses-transformer found
    /// (docs/choosing.md): the same for 8-bit moments and for Adafactor with a rate; a tenth for CAME; three times for LDAdam; ten times
    /// for Subset-Norm and Subspace-Momentum, which divide by roots of sums, and for GaLore, which multiplies by 0.25. The last two keep 16
    /// directions: their own 128 are more than some matrices here have. Shampoo's step has the length of Adam's by grafting, and its
    /// momentum adds ten of them up: a tenth.
    /// </remarks>
    /// <param name="sgd">The rate of <c>sgd</c>, which has momentum 0.9.</param>
    /// <param name="adamW">The rate of <c>adamw</c>.</param>
    /// <param name="microAdam">Rate and options of <c>microadam</c>.</param>
    /// <param name="weightDecay">The weight decay of <c>adamw</c>.</param>
    internal static IReadOnlyDictionary<string, RecipeOptimizer> Table(
        double sgd, double adamW, RecipeOptimizer microAdam, string weightDecay) =>
        new Dictionary<string, RecipeOptimizer>(StringComparer.Ordinal)
        {
            ["sgd"] = new(sgd, new KeyValuePair<string, string>("momentum", "0.9")),
            ["adamw"] = new(adamW, new KeyValuePair<string, string>("weightDecay", weightDecay)),
            ["microadam"] = microAdam,
            ["adam8bit"] = new(adamW, new KeyValuePair<string, string>("weightDecay", weightDecay)),
            ["adafactor"] = new(adamW, new KeyValuePair<string, string>("scaleParameter", "false")),
            ["came"] = new(adamW / 10),
            ["subset-norm"] = new(10 * adamW),
            ["ldadam"] = new(3 * adamW),
            ["galore"] = new(10 * adamW, SixteenDirections),
            ["subspace-momentum"] = new(10 * adamW, SixteenDirections),
            ["shampoo"] = new(adamW / 10, AdamLength),
            ["s-shampoo"] = new(adamW / 10, AdamLength),
            ["mfac"] = new(OfFisherFamily),
            ["sparse-mfac"] = new(OfFisherFamily),
            ["lowrank-mfac"] = new(OfFisherFamily),
            ["ggt"] = new(OfAdaGradFamily),
            ["sparse-ggt"] = new(OfAdaGradFamily),
            ["lowrank-ggt"] = new(OfAdaGradFamily),
        };
}
