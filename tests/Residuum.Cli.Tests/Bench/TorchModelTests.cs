using Residuum.Cli.Bench;
using Residuum.Training.Recipes;
using Residuum.Training.Trainer;

namespace Residuum.Cli.Tests.Bench;

/// <summary>How a recipe's model is described to PyTorch.</summary>
public sealed class TorchModelTests
{
    [Fact]
    public void A_perceptron_is_its_widths() => Assert.Equal([784, 32, 10], Of("fashion-mlp", ("hidden", "32")).Widths);

    [Fact]
    public void A_transformer_is_its_size_and_the_recipes_clipping()
    {
        TorchModel model = Of("sotu-bytes", ("layers", "2"), ("tiedHead", "true"), ("batch", "4"));
        Assert.Equal(("transformer", 4, 1.0, 256, 128, 2, 4, 128, true), (
            model.Kind, model.Batch, model.ClipNorm, model.Vocabulary, model.Context, model.Layers, model.Heads, model.Width, model.TiedHead));
        Assert.Equal(352, model.Hidden);
    }

    [Fact]
    public void A_residual_network_is_its_images_filters_and_blocks()
    {
        TorchModel model = Of("fashion-resnet", ("filters", "4"), ("blocks", "1"));
        Assert.Equal(("resnet", 28, 28, 1, 10, 4, 1), (
            model.Kind, model.Height, model.Width, model.Channels, model.Classes, model.Filters, model.Blocks));
        Assert.Null(model.ClipNorm);
    }

    [Fact]
    public void What_the_script_does_not_have_is_refused()
    {
        Assert.Throws<UsageException>(() => Of("glosses"));
        Assert.Throws<UsageException>(() => Of("sotu-bytes", ("dropout", "0.1")));
    }

    private static TorchModel Of(string name, params (string Key, string Value)[] changes)
    {
        Recipe recipe = RecipeCatalog.Get(name);
        RecipeSettings settings = recipe.DefaultSettings();
        foreach ((string key, string value) in changes)
        {
            settings.Set(key, value);
        }

        RunFactory factory = new(recipe, settings, dataFile: null, threads: 1, []);
        TrainingRun run = factory.Create(new OptimizerChoice("adamw", "adamw", []), rate: 1e-3, seed: 0);
        return TorchModel.Of(run, settings);
    }
}
