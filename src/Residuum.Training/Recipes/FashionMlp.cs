using Residuum.Training.Data;
using Residuum.Training.Models;

namespace Residuum.Training.Recipes;

/// <summary>
/// A multilayer perceptron 784-256-128-10 on Fashion-MNIST: batch 128, 5 epochs, linear decay to 0 (data/README.md, reference results (a)).
/// </summary>
internal sealed class FashionMlp : FashionRecipe
{
    public override string Name => "fashion-mlp";

    public override string Summary => "multilayer perceptron 784-256-128-10 on Fashion-MNIST";

    public override IReadOnlyDictionary<string, RecipeOptimizer> Optimizers { get; } =
        RecipeOptimizer.Table(sgd: 0.05, adamW: 3e-3, microAdam: RecipeOptimizer.WideRow(1e-2), weightDecay: "0.01");

    protected override int Batch => 128;

    protected override int Epochs => 5;

    protected override IEnumerable<RecipeSetting> OwnSettings => [new("hidden", "256-128", "widths of the hidden layers")];

    protected override ImageModel ModelFor(RecipeSettings settings, ImageSet images)
    {
        string text = settings.Text("hidden");
        List<int> widths = [images.Width];
        foreach (string part in text.Split('-'))
        {
            widths.Add(int.TryParse(part, out int width) && width > 0
                ? width
                : throw new ArgumentException($"The setting hidden is '{text}'; it must be widths of at least 1 with hyphens between."));
        }

        widths.Add(images.Classes);
        return new ImageModel([images.Width], seed =>
        {
            MultilayerPerceptron model = new(seed, [.. widths]);
            return (model, model.Forward);
        });
    }
}
