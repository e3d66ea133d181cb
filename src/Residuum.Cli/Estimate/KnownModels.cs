using System.Globalization;
using Residuum.Optimizers;

namespace Residuum.Cli.Estimate;

/// <summary>Shapes of well-known models, for estimates: none of their weights is needed.</summary>
internal static class KnownModels
{
    private static readonly Dictionary<string, Func<IEnumerable<ShapedParameter>>> Models = new(StringComparer.Ordinal)
    {
        // The sizes that GaLore's and LDAdam's authors train from scratch.
        ["llama-60m"] = () => Llama(layers: 8, width: 512, inner: 1376),
        ["llama-130m"] = () => Llama(layers: 12, width: 768, inner: 2048),
        ["llama-350m"] = () => Llama(layers: 24, width: 1024, inner: 2736),
        ["llama-1b"] = () => Llama(layers: 24, width: 2048, inner: 5461),
        ["llama-7b"] = () => Llama(layers: 32, width: 4096, inner: 11_008),
        ["llama-2-7b"] = () => Llama(layers: 32, width: 4096, inner: 11_008),
        ["llama-2-13b"] = () => Llama(layers: 40, width: 5120, inner: 13_824),
        ["bert-base"] = () => Bert(layers: 12, width: 768),
        ["resnet-18"] = () => Resnet([2, 2, 2, 2], isBottleneck: false),
        ["resnet-50"] = () => Resnet([3, 4, 6, 3], isBottleneck: true),
    };

    /// <summary>The names.</summary>
    public static IReadOnlyCollection<string> Names => Models.Keys;

    /// <summary>The shapes of a model, or null if the name is not known.</summary>
    public static IReadOnlyList<ShapedParameter>? Find(string name) =>
        Models.TryGetValue(name, out Func<IEnumerable<ShapedParameter>>? shapes) ? [.. shapes()] : null;

    private static IEnumerable<ShapedParameter> Llama(int layers, int width, int inner)
    {
        const int Vocabulary = 32_000;
        yield return Shape("embedding", Vocabulary, width);
        for (int i = 0; i < layers; i++)
        {
            string layer = Invariant($"layers.{i}.");
            foreach (string projection in (string[])["query", "key", "value", "output"])
            {
                yield return Shape(layer + projection, width, width);
            }

            yield return Shape(layer + "gate", inner, width);
            yield return Shape(layer + "up", inner, width);
            yield return Shape(layer + "down", width, inner);
            yield return Shape(layer + "attention_norm", width);
            yield return Shape(layer + "mlp_norm", width);
        }

        yield return Shape("norm", width);
        yield return Shape("head", Vocabulary, width);
    }

    private static IEnumerable<ShapedParameter> Bert(int layers, int width)
    {
        yield return Shape("embeddings.word", 30_522, width);
        yield return Shape("embeddings.position", 512, width);
        yield return Shape("embeddings.token_type", 2, width);
        foreach (ShapedParameter norm in Affine("embeddings.norm", width))
        {
            yield return norm;
        }

        for (int i = 0; i < layers; i++)
        {
            string layer = Invariant($"layers.{i}.");
            IEnumerable<ShapedParameter> all =
            [
                .. Linear(layer + "query", width, width),
                .. Linear(layer + "key", width, width),
                .. Linear(layer + "value", width, width),
                .. Linear(layer + "output", width, width),
                .. Affine(layer + "attention_norm", width),
                .. Linear(layer + "up", 4 * width, width),
                .. Linear(layer + "down", width, 4 * width),
                .. Affine(layer + "mlp_norm", width),
            ];
            foreach (ShapedParameter parameter in all)
            {
                yield return parameter;
            }
        }

        foreach (ShapedParameter parameter in Linear("pooler", width, width))
        {
            yield return parameter;
        }
    }

    private static List<ShapedParameter> Resnet(int[] blocks, bool isBottleneck)
    {
        List<ShapedParameter> shapes = [.. Convolution("stem", 64, 3, 7)];
        int channels = 64;
        for (int stage = 0; stage < blocks.Length; stage++)
        {
            int width = 64 << stage;
            int output = isBottleneck ? 4 * width : width;
            for (int i = 0; i < blocks[stage]; i++)
            {
                string block = Invariant($"stages.{stage}.{i}.");
                if (isBottleneck)
                {
                    shapes.AddRange(Convolution(block + "a", width, channels, 1));
                    shapes.AddRange(Convolution(block + "b", width, width, 3));
                    shapes.AddRange(Convolution(block + "c", output, width, 1));
                }
                else
                {
                    shapes.AddRange([.. Convolution(block + "a", width, channels, 3), .. Convolution(block + "b", width, width, 3)]);
                }

                if (channels != output)
                {
                    shapes.AddRange(Convolution(block + "shortcut", output, channels, 1));
                }

                channels = output;
            }
        }

        return [.. shapes, .. Linear("head", 1000, channels)];
    }

    // A convolution without bias and its batch normalization.
    private static IEnumerable<ShapedParameter> Convolution(string name, int outputs, int inputs, int side) =>
        [Shape(name + ".weight", outputs, inputs, side, side), .. Affine(name + ".norm", outputs)];

    private static IEnumerable<ShapedParameter> Linear(string name, int outputs, int inputs) =>
        [Shape(name + ".weight", outputs, inputs), Shape(name + ".bias", outputs)];

    private static IEnumerable<ShapedParameter> Affine(string name, int width) =>
        [Shape(name + ".weight", width), Shape(name + ".bias", width)];

    private static ShapedParameter Shape(string name, params int[] shape) => new(name, shape);

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
