namespace Residuum.Training.Recipes;

/// <summary>All recipes by name.</summary>
public static class RecipeCatalog
{
    /// <summary>The recipes.</summary>
    public static IReadOnlyList<Recipe> Recipes { get; } =
    [
        new FashionMlp(),
        new FashionResnet(),
        new SotuBytes(),
        new SotuBpe(),
        new Glosses(),
        new GlossesTransformer(),
        new TeacherStudent(),
    ];

    /// <summary>The recipe of a given name.</summary>
    /// <param name="name">For example <c>fashion-mlp</c>.</param>
    /// <exception cref="ArgumentException">There is none; the message suggests the nearest.</exception>
    public static Recipe Get(string name) => Recipes.FirstOrDefault(recipe => recipe.Name == name)
        ?? throw new ArgumentException(NearestName.Explain("recipe", name, Recipes.Select(recipe => recipe.Name)));
}
