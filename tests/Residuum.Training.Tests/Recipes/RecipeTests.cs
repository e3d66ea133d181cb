using Residuum.Optimizers;
using Residuum.Training.Recipes;
using Residuum.Training.Tests.Trainer;
using Residuum.Training.Trainer;

namespace Residuum.Training.Tests.Recipes;

public class RecipeTests
{
    public static TheoryData<string> Names => [.. RecipeCatalog.Recipes.Select(recipe => recipe.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Every_recipe_has_valid_defaults_for_the_methods_it_lists(string name)
    {
        Recipe recipe = RecipeCatalog.Get(name);
        RecipeSettings settings = recipe.DefaultSettings();
        foreach ((string method, RecipeOptimizer defaults) in recipe.Optimizers)
        {
            Assert.True(defaults.Rate > 0);
            OptimizerCatalog.Get(method).Describe(defaults.Options);
        }

        Assert.All(["sgd", "adamw", "microadam"], method => Assert.True(recipe.Optimizers.ContainsKey(method)));

        RunSettings run = recipe.RunSettings(settings, new TinyTask(seed: 0));
        Assert.True(run.Steps > 1);
        Assert.True(run.Schedule.RateAt(1, run.Steps / 2) > 0);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Every_recipe_has_a_schedule_for_any_number_of_steps(string name)
    {
        Recipe recipe = RecipeCatalog.Get(name);
        foreach (string steps in new[] { "1", "2", "7", "30" })
        {
            RecipeSettings settings = recipe.DefaultSettings();
            settings.Set("steps", steps);
            RunSettings run = recipe.RunSettings(settings, new TinyTask(seed: 0));
            Assert.True(run.Schedule.RateAt(1, 0) > 0);
        }
    }

    [Fact]
    public void Unknown_recipes_and_settings_suggest_the_nearest()
    {
        ArgumentException recipe = Assert.ThrowsAny<ArgumentException>(() => RecipeCatalog.Get("fashion-resent"));
        Assert.Contains("'fashion-resnet'", recipe.Message, StringComparison.Ordinal);
        RecipeSettings settings = RecipeCatalog.Get("sotu-bytes").DefaultSettings();
        ArgumentException setting = Assert.ThrowsAny<ArgumentException>(() => settings.Set("contxt", "3"));
        Assert.Contains("'context'", setting.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("epochs", "0")]
    [InlineData("epochs", "many")]
    [InlineData("steps", "-1")]
    [InlineData("steps", "1.5")]
    [InlineData("logEvery", "0")]
    [InlineData("accumulate", "0")]
    public void Settings_out_of_range_are_refused_by_name(string key, string value)
    {
        Recipe recipe = RecipeCatalog.Get("fashion-mlp");
        RecipeSettings settings = recipe.DefaultSettings();
        settings.Set(key, value);
        ArgumentException refusal = Assert.ThrowsAny<ArgumentException>(() => recipe.RunSettings(settings, new TinyTask(seed: 0)));
        Assert.Contains(key, refusal.Message, StringComparison.Ordinal);
        Assert.Contains(value, refusal.Message, StringComparison.Ordinal);
    }
}
