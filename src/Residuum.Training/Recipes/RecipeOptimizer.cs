namespace Residuum.Training.Recipes;

/// <summary>How a recipe uses a method unless somebody says otherwise.</summary>
/// <param name="Rate">The base learning rate.</param>
/// <param name="Options">Other options that differ from the method's own defaults: camelCase names and values as text.</param>
public sealed record RecipeOptimizer(double Rate, params IReadOnlyList<KeyValuePair<string, string>> Options);
