using Residuum.Training.Differentiation;
using Residuum.Training.Layers;
using Residuum.Training.Models;
using Residuum.Training.Tests.Differentiation;

namespace Residuum.Training.Tests.Models;

/// <summary>One small model of each kind with a batch to compute the loss of.</summary>
internal static class ReferenceModels
{
    public static TheoryData<string> Names => ["perceptron", "residual", "transformer", "bags"];

    public static (Layer Model, Func<Tape, Tensor> Loss) Make(string name)
    {
        switch (name)
        {
            case "perceptron":
                {
                    MultilayerPerceptron model = new(seed: 1, 50, 64, 10);
                    float[] inputs = GradientCheck.Normal(300 * 50, stream: 1);
                    int[] labels = Numbers(300, 10);
                    return (model, tape => CrossEntropyOperation.Apply(tape, model.Forward(tape, tape.Input(inputs, 300, 50)), labels));
                }

            case "residual":
                {
                    ResidualNetwork model = new(seed: 1, height: 12, width: 12, filters: 4, blocksPerStage: 1);
                    float[] inputs = GradientCheck.Normal(7 * 144, stream: 1);
                    int[] labels = Numbers(7, 10);
                    return (model, tape => CrossEntropyOperation.Apply(tape, model.Forward(tape, tape.Input(inputs, 7, 144)), labels));
                }

            case "transformer":
                {
                    DecoderTransformer model = new(
                        new DecoderTransformerOptions { Vocabulary = 50, Context = 80, Width = 32, Layers = 2, Heads = 2, Dropout = 0.1f },
                        seed: 1);
                    int[] tokens = Numbers(5 * 80, 50);
                    return (model, tape => CrossEntropyOperation.Apply(tape, model.Forward(tape, tokens, 5, 80), tokens));
                }

            default:
                {
                    EmbeddingBagClassifier model = new(seed: 1, vocabulary: 40, width: 64, classes: 9);
                    int[] tokens = Numbers(60, 40);
                    int[] offsets = [0, 5, 5, 20, 21, 60];
                    int[] labels = Numbers(5, 9);
                    return (model, tape => CrossEntropyOperation.Apply(tape, model.Forward(tape, tokens, offsets), labels));
                }
        }
    }

    private static int[] Numbers(int count, int bound) => [.. Enumerable.Range(0, count).Select(i => i * 7919 % 104_729 % bound)];
}
