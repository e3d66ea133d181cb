using Residuum.Training.Data;
using Residuum.Training.Models;

namespace Residuum.Training.Recipes;

/// <summary>
/// A bag of embeddings on WordNet's definitions in 45 classes: batch 256, 3 epochs, constant rate (data/README.md, reference results (c)).
/// </summary>
internal sealed class Glosses : Recipe
{
    public override string Name => "glosses";

    public override string Summary => "bag of embeddings on WordNet's definitions in 45 classes";

    public override IReadOnlyDictionary<string, RecipeOptimizer> Optimizers { get; } =
        RecipeOptimizer.Table(sgd: 3, adamW: 3e-3, microAdam: new RecipeOptimizer(1e-2), weightDecay: "0");

    protected override int Batch => 256;

    protected override int Epochs => 3;

    protected override IEnumerable<RecipeSetting> OwnSettings => [new("width", "64", "length of a word's vector")];

    protected override string ScheduleFor(long steps) => "constant";

    public override TaskMaker Load(RecipeSettings settings, string? dataFile)
    {
        ArgumentNullException.ThrowIfNull(settings);
        int width = settings.Integer("width", 1);
        int batch = settings.Integer("batch", 1);
        LabelledTexts texts = dataFile is null
            ? LabelledTexts.LoadGlosses(DataFolder.Find().Glosses)
            : LabelledTexts.Load(dataFile);
        return (seed, _) =>
        {
            EmbeddingBagClassifier model = new((ulong)seed, texts.Vocabulary.Size, width, texts.ClassNames.Count);
            return new BagClassification(model, model.Forward, texts.Bags, batch, (ulong)seed);
        };
    }
}
