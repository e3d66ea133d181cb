using Residuum.Training.Data;
using Residuum.Training.Models;

namespace Residuum.Training.Recipes;

/// <summary>A residual network on Fashion-MNIST: batch 128, linear decay to 0.</summary>
internal sealed class FashionResnet : FashionRecipe
{
    public override string Name => "fashion-resnet";

    public override string Summary => "residual network on Fashion-MNIST";

    public override IReadOnlyDictionary<string, RecipeOptimizer> Optimizers { get; } =
        RecipeOptimizer.Table(sgd: 0.05, adamW: 1e-2, microAdam: RecipeOptimizer.WideRow(1e-2), weightDecay: "0.01");

    protected override int Batch => 128;

    protected override int Epochs => 5;

    protected override IEnumerable<RecipeSetting> OwnSettings =>
    [
        new("filters", "16", "filters of the first stage"),
        new("blocks", "2", "residual blocks of each of the three stages; 3 with 16 filters is ResNet-20"),
    ];

    protected override ImageModel ModelFor(RecipeSettings settings, ImageSet images)
    {
        int filters = settings.Integer("filters", 1);
        int blocks = settings.Integer("blocks", 1);
        return new ImageModel([images.Width], seed =>
        {
            ResidualNetwork model = new(seed, images.Rows, images.Columns, channels: 1, images.Classes, filters, blocks);
            return (model, model.Forward);
        });
    }
}
