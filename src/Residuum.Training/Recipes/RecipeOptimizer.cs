namespace Residuum.Training.Recipes;

/// <summary>How a recipe uses a method unless somebody says otherwise.</summary>
/// <param name="Rate">The base learning rate.</param>
/// <param name="Options">Other options that differ from the method's own defaults: camelCase names and values as text.</param>
public sealed record RecipeOptimizer(double Rate, params IReadOnlyList<KeyValuePair<string, string>> Options)
{
    /// <summary>The three methods that every recipe has rates for.</summary>
    /// <param name="sgd">The rate of <c>sgd</c>, which has momentum 0.9.</param>
    /// <param name="adamW">The rate of <c>adamw</c>.</param>
    /// <param name="microAdam">The rate of <c>microadam</c>.</param>
    /// <param name="weightDecay">The weight decay of <c>adamw</c>.</param>
    internal static IReadOnlyDictionary<string, RecipeOptimizer> Table(double sgd, double adamW, double microAdam, string weightDecay) =>
        new Dictionary<string, RecipeOptimizer>(StringComparer.Ordinal)
        {
            ["sgd"] = new(sgd, new KeyValuePair<string, string>("momentum", "0.9")),
            ["adamw"] = new(adamW, new KeyValuePair<string, string>("weightDecay", weightDecay)),
            ["microadam"] = new(microAdam),
        };
}
