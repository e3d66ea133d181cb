using Residuum.Training.Recipes;

namespace Residuum.Training.Tests.Trainer;

/// <summary>A recipe of <see cref="TinyTask"/>.</summary>
internal sealed class TinyRecipe : Recipe
{
    public override string Name => "tiny";

    public override string Summary => "a test";

    public override IReadOnlyDictionary<string, RecipeOptimizer> Optimizers { get; } =
        new Dictionary<string, RecipeOptimizer>(StringComparer.Ordinal)
        {
            ["sgd"] = new(0.1, new KeyValuePair<string, string>("momentum", "0.9")),
            ["adamw"] = new(0.01),
            ["microadam"] = new(0.01, new KeyValuePair<string, string>("density", "0.25")),
        };

    protected override int Batch => 6;

    protected override int? Steps => 12;

    protected override IEnumerable<RecipeSetting> OwnSettings => [];

    public override TaskMaker Load(RecipeSettings settings, string? dataFile) => (seed, _) => new TinyTask(seed);

    public static OptimizerChoice Choice(string method) => new(method, method, []);

    public static RunFactory Factory(params (string Key, string Value)[] set)
    {
        TinyRecipe recipe = new();
        RecipeSettings settings = recipe.DefaultSettings();
        settings.Set("logEvery", "1");
        foreach ((string key, string value) in set)
        {
            settings.Set(key, value);
        }

        return new RunFactory(recipe, settings, dataFile: null, threads: 1, []);
    }
}
