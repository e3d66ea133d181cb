using Residuum.Training.Data;
using Residuum.Training.Models;

namespace Residuum.Training.Recipes;

/// <summary>A transformer on the bytes of the State of the Union addresses.</summary>
internal sealed class SotuBytes : TextRecipe
{
    public override string Name => "sotu-bytes";

    public override string Summary => "transformer on the bytes of the State of the Union addresses";

    public override string Unit => "bytes";

    public override IReadOnlyDictionary<string, RecipeOptimizer> Optimizers { get; } =
        RecipeOptimizer.Table(sgd: 0.3, adamW: 1e-3, microAdam: RecipeOptimizer.WideRow(1e-3), weightDecay: "0.01");

    protected override DecoderTransformerOptions Size { get; } = new() { Width = 128, Layers = 4, Heads = 4, Context = 128 };

    protected override int Batch => 16;

    protected override int? Steps => 2400;

    public override ITokenizer Tokenizer() => new ByteTokenizer();
}
