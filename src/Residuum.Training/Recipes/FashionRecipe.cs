using Residuum.Training.Data;
using Residuum.Training.Differentiation;
using Residuum.Training.Layers;

namespace Residuum.Training.Recipes;

/// <summary>
/// Recipes on Fashion-MNIST: a search over rates trains on the first nine tenths of the training images (9,000) and validates on the last
/// tenth (1,000); other runs train on all.
/// </summary>
internal abstract class FashionRecipe : Recipe
{
    public sealed override TaskMaker Load(RecipeSettings settings, string? dataFile)
    {
        FashionMnist data = dataFile is null
            ? FashionMnist.Load(DataFolder.Find().FashionMnist)
            : FashionMnist.LoadOwn(new InstalledData().Resolve(dataFile));
        ImageModel model = ModelFor(settings, data.Train);
        int batch = settings.Integer("batch", 1);
        return (seed, search) =>
        {
            (Layer layer, Func<Tape, Tensor, Tensor> forward) = model.Create((ulong)seed);
            DataSplit<ImageSet> parts = data.Search;
            return search
                ? new ImageClassification(layer, forward, model.InputShape, parts.Train, parts.Validation, parts.Test, batch, (ulong)seed)
                : new ImageClassification(layer, forward, model.InputShape, data.Train, validation: null, data.Test, batch, (ulong)seed);
        };
    }

    /// <summary>The model.</summary>
    /// <param name="settings">What the user set.</param>
    /// <param name="images">Images of the kind it is for.</param>
    protected abstract ImageModel ModelFor(RecipeSettings settings, ImageSet images);
}
