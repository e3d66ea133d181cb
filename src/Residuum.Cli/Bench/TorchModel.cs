using Residuum.Training.Layers;
using Residuum.Training.Models;
using Residuum.Training.Recipes;
using Residuum.Training.Trainer;

namespace Residuum.Cli.Bench;

/// <summary>A recipe's model as <c>TorchTraining.py</c> wants it described; what a kind has not is absent.</summary>
internal sealed record TorchModel
{
    /// <summary><c>mlp</c>, <c>transformer</c> or <c>resnet</c>.</summary>
    public required string Kind { get; init; }

    /// <summary>Rows of a batch.</summary>
    public required int Batch { get; init; }

    /// <summary>The learning rate.</summary>
    public required double Rate { get; init; }

    /// <summary>The bound on the gradient's norm.</summary>
    public double? ClipNorm { get; init; }

    /// <summary>A perceptron's widths.</summary>
    public IReadOnlyList<int>? Widths { get; init; }

    /// <summary>A transformer's tokens.</summary>
    public int? Vocabulary { get; init; }

    /// <summary>A transformer's window.</summary>
    public int? Context { get; init; }

    /// <summary>A transformer's blocks.</summary>
    public int? Layers { get; init; }

    /// <summary>A transformer's heads.</summary>
    public int? Heads { get; init; }

    /// <summary>The width inside a transformer's feed-forward layers.</summary>
    public int? Hidden { get; init; }

    /// <summary>Whether the output layer shares the embedding's table.</summary>
    public bool? TiedHead { get; init; }

    /// <summary>A transformer's width, or that of an image.</summary>
    public int? Width { get; init; }

    /// <summary>Rows of an image.</summary>
    public int? Height { get; init; }

    /// <summary>Channels of an image.</summary>
    public int? Channels { get; init; }

    /// <summary>Classes of images.</summary>
    public int? Classes { get; init; }

    /// <summary>Filters of a residual network's first stage.</summary>
    public int? Filters { get; init; }

    /// <summary>Blocks of a residual network's stage.</summary>
    public int? Blocks { get; init; }

    /// <summary>Describes what a run trains.</summary>
    /// <param name="run">The run.</param>
    /// <param name="settings">The recipe's settings.</param>
    /// <exception cref="UsageException">The script has no such model.</exception>
    public static TorchModel Of(TrainingRun run, RecipeSettings settings)
    {
        TorchModel common = new()
        {
            Kind = "",
            Batch = settings.Integer("batch", 1),
            Rate = run.Plan.Rate,
            ClipNorm = settings.PositiveOrOff("clipNorm"),
        };
        return run.Model switch
        {
            MultilayerPerceptron perceptron => common with { Kind = "mlp", Widths = WidthsOf(perceptron) },
            DecoderTransformer transformer when transformer.Options.Dropout == 0 => common with
            {
                Kind = "transformer",
                Vocabulary = transformer.Options.Vocabulary,
                Context = transformer.Options.Context,
                Width = transformer.Options.Width,
                Layers = transformer.Options.Layers,
                Heads = transformer.Options.Heads,
                Hidden = transformer.Options.EffectiveHiddenWidth,
                TiedHead = transformer.Options.TiedHead,
            },
            ResidualNetwork network => common with
            {
                Kind = "resnet",
                Height = network.Height,
                Width = network.Width,
                Channels = network.Channels,
                Classes = network.Parameters[^1].Length,
                Filters = settings.Integer("filters", 1),
                Blocks = settings.Integer("blocks", 1),
            },
            _ => throw new UsageException(
                $"--torch has no model like that of {run.Plan.Recipe}; it has those of fashion-mlp, fashion-resnet, sotu-bytes and "
                    + "sotu-bpe without dropout."),
        };
    }

    // Weights are of shape [outputs, inputs].
    private static List<int> WidthsOf(Layer perceptron)
    {
        Parameter[] weights = [.. perceptron.Parameters.Where(parameter => parameter.Shape.Length == 2)];
        return [weights[0].Shape[1], .. weights.Select(weight => weight.Shape[0])];
    }
}
