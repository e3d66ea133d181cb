using System.Globalization;
using Residuum.Training.Data;
using Residuum.Training.Models;

namespace Residuum.Training.Recipes;

/// <summary>Recipes that train a decoder-only transformer on text.</summary>
public abstract class TextRecipe : Recipe
{
    /// <summary>What the tokens are called.</summary>
    public abstract string Unit { get; }

    /// <summary>The default size of the model; the vocabulary is the tokenizer's.</summary>
    protected abstract DecoderTransformerOptions Size { get; }

    /// <inheritdoc/>
    protected override string ClipNorm => "1";

    /// <inheritdoc/>
    protected override int EvaluateRows => 256;

    /// <inheritdoc/>
    protected override IEnumerable<RecipeSetting> OwnSettings =>
    [
        new("width", Text(Size.Width), "length of a position's vector, a multiple of twice heads"),
        new("layers", Text(Size.Layers), "blocks"),
        new("heads", Text(Size.Heads), "attention heads"),
        new("context", Text(Size.Context), "tokens of a window"),
        new("hidden", Size.HiddenWidth is int hidden ? Text(hidden) : "auto", "width inside the feed-forward layers; auto: 8/3 of width"),
        new("tiedHead", Size.TiedHead ? "true" : "false", "whether the output layer shares the embedding's table"),
        new("dropout", "0", "share that is dropped in training, 0 to less than 1"),
    ];

    /// <summary>The tokenizer.</summary>
    public abstract ITokenizer Tokenizer();

    /// <summary>The model's size.</summary>
    /// <param name="settings">What the user set.</param>
    /// <param name="vocabulary">The number of tokens.</param>
    /// <exception cref="ArgumentException">A setting is out of its range.</exception>
    public static DecoderTransformerOptions SizeOf(RecipeSettings settings, int vocabulary)
    {
        ArgumentNullException.ThrowIfNull(settings);
        return new DecoderTransformerOptions
        {
            Vocabulary = vocabulary,
            Context = settings.Integer("context", 2),
            Width = settings.Integer("width", 2),
            Layers = settings.Integer("layers", 1),
            Heads = settings.Integer("heads", 1),
            HiddenWidth = settings.Text("hidden") == "auto" ? null : settings.Integer("hidden", 1),
            TiedHead = settings.OneOf("tiedHead", "true", "false") == "true",
            Dropout = (float)settings.Number("dropout", 0, below: 1),
        };
    }

    /// <summary>A warm-up over a twentieth of the steps, then a cosine to 0.</summary>
    /// <inheritdoc/>
    protected override string ScheduleFor(long steps) => string.Create(CultureInfo.InvariantCulture, $"cosine:warmup={steps / 20}");

    /// <inheritdoc/>
    public override TaskMaker Load(RecipeSettings settings, string? dataFile)
    {
        ArgumentNullException.ThrowIfNull(settings);
        int batch = settings.Integer("batch", 1);
        ITokenizer tokenizer = Tokenizer();
        DecoderTransformerOptions size = SizeOf(settings, tokenizer.Vocabulary);
        DataSplit<TokenStream> parts = dataFile is null
            ? StateOfTheUnion.Load(DataFolder.Find().PathOf(StateOfTheUnion.File), tokenizer)
            : TextFile.Load(dataFile, tokenizer);
        if (size.Context >= parts.Train.Count)
        {
            throw new ArgumentException(
                $"The setting context is '{size.Context}'; it must be less than the {parts.Train.Count} {Unit} of the training part.",
                nameof(settings));
        }

        return (seed, _) => new LanguageModeling(new DecoderTransformer(size, (ulong)seed), parts, Unit, batch, (ulong)seed);
    }
}
