using Residuum.Training.Differentiation;
using Residuum.Training.Layers;

namespace Residuum.Training.Models;

/// <summary>Classifies a text by the mean of its words' vectors: <c>embedding.weight</c>, <c>head.weight</c>, <c>head.bias</c>.</summary>
/// <remarks>Vectors start standard normal, the linear layer uniform within 1 / √width.</remarks>
public sealed class EmbeddingBagClassifier : Layer
{
    private readonly Embedding _embedding;
    private readonly Linear _head;

    /// <summary>Makes the model.</summary>
    /// <param name="seed">The seed of the initial weights.</param>
    /// <param name="vocabulary">The number of words.</param>
    /// <param name="width">The length of a word's vector.</param>
    /// <param name="classes">The number of classes.</param>
    public EmbeddingBagClassifier(ulong seed, int vocabulary, int width, int classes)
        : base(new LayerScope(seed))
    {
        LayerScope scope = new(seed);
        Initialization head = Initialization.Uniform(1 / Math.Sqrt(width));
        _embedding = Add(new Embedding(scope.Of("embedding"), vocabulary, width));
        _head = Add(new Linear(scope.Of("head"), width, classes, head, head));
    }

    /// <summary>Computes logits.</summary>
    /// <param name="tape">The tape.</param>
    /// <param name="tokens">The words of all texts, one text after the other; must stay as they are until the backward pass is
    /// done.</param>
    /// <param name="offsets">Where each text starts, and at last the number of words.</param>
    /// <returns>Shape [texts, classes].</returns>
    public Tensor Forward(Tape tape, ReadOnlyMemory<int> tokens, ReadOnlyMemory<int> offsets) =>
        _head.Forward(tape, _embedding.ForwardBags(tape, tokens, offsets));
}
