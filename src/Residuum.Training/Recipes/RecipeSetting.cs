namespace Residuum.Training.Recipes;

/// <summary>One thing that can be set about a recipe.</summary>
/// <param name="Key">Its name after <c>--set</c>.</param>
/// <param name="Default">Its value when nobody sets it, as text.</param>
/// <param name="Description">What it means, with its range.</param>
public sealed record RecipeSetting(string Key, string Default, string Description);
