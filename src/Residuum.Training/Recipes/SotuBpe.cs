using Residuum.Training.Data;
using Residuum.Training.Models;

namespace Residuum.Training.Recipes;

/// <summary>A transformer of more than 10 M parameters on the GPT-2 tokens of the State of the Union addresses.</summary>
internal sealed class SotuBpe : TextRecipe
{
    public override string Name => "sotu-bpe";

    public override string Summary => "transformer on the GPT-2 tokens of the State of the Union addresses";

    public override string Unit => "tokens";

    public override IReadOnlyDictionary<string, RecipeOptimizer> Optimizers { get; } =
        RecipeOptimizer.Table(sgd: 0.3, adamW: 2e-3, microAdam: RecipeOptimizer.WideRow(4e-3), weightDecay: "0.01");

    protected override DecoderTransformerOptions Size { get; } = new() { Width = 128, Layers = 2, Heads = 4, Context = 128 };

    protected override int Batch => 4;

    protected override int? Steps => 3000;

    public override ITokenizer Tokenizer() => BytePairTokenizer.Load(DataFolder.Find().PathOf(StateOfTheUnion.MergesFile));
}
