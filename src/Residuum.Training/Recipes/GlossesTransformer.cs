using System.Globalization;
using Residuum.Training.Data;
using Residuum.Training.Models;

namespace Residuum.Training.Recipes;

/// <summary>A small transformer on WordNet's definitions in 45 classes: matrices for methods that treat them as such, in minutes.</summary>
internal sealed class GlossesTransformer : Recipe
{
    // More than any definition has; longer ones only make the tables of positions longer.
    private const int MostWords = 65_536;

    public override string Name => "glosses-transformer";

    public override string Summary => "transformer on WordNet's definitions in 45 classes";

    public override IReadOnlyDictionary<string, RecipeOptimizer> Optimizers { get; } =
        RecipeOptimizer.Table(sgd: 0.3, adamW: 3e-3, microAdam: new RecipeOptimizer(1e-2), weightDecay: "0.01");

    protected override int Batch => 128;

    protected override int Epochs => 2;

    protected override string ClipNorm => "1";

    protected override IEnumerable<RecipeSetting> OwnSettings =>
    [
        new("width", "64", "length of a position's vector, a multiple of twice heads"),
        new("layers", "2", "blocks"),
        new("heads", "4", "attention heads"),
        new("context", "32", "words of a text that count"),
        new("dropout", "0", "share that is dropped in training, 0 to less than 1"),
    ];

    public override TaskMaker Load(RecipeSettings settings, string? dataFile)
    {
        ArgumentNullException.ThrowIfNull(settings);
        int batch = settings.Integer("batch", 1);
        LabelledTexts texts = dataFile is null
            ? LabelledTexts.LoadGlosses(DataFolder.Find().Glosses)
            : LabelledTexts.Load(dataFile);
        DecoderTransformerOptions size = new()
        {
            Vocabulary = texts.Vocabulary.Size,
            Context = settings.Integer("context", 1),
            Width = settings.Integer("width", 2),
            Layers = settings.Integer("layers", 1),
            Heads = settings.Integer("heads", 1),
            Dropout = (float)settings.Number("dropout", 0, below: 1),
        };
        if (size.Context > MostWords)
        {
            throw new ArgumentException($"The setting context is '{size.Context}'; it must be at most {MostWords}.", nameof(settings));
        }

        return (seed, _) =>
        {
            TransformerClassifier model = new(size, texts.ClassNames.Count, (ulong)seed);
            return new BagClassification(model, model.Forward, texts.Bags, batch, (ulong)seed);
        };
    }

    /// <summary>A warm-up over a twentieth of the steps, then a cosine to 0.</summary>
    protected override string ScheduleFor(long steps) => string.Create(CultureInfo.InvariantCulture, $"cosine:warmup={steps / 20}");
}
