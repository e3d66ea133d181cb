using Residuum.Training.Differentiation;

namespace Residuum.Training.Layers;

/// <summary>A table of vectors, one for each token: <c>weight</c> of shape [vocabulary, width].</summary>
public sealed class Embedding : Layer
{
    /// <summary>Makes the layer.</summary>
    /// <param name="scope">Its place in the model.</param>
    /// <param name="vocabulary">The number of tokens.</param>
    /// <param name="width">The length of a vector.</param>
    /// <param name="weight">The initial vectors; standard normal if null.</param>
    public Embedding(LayerScope scope, int vocabulary, int width, Initialization? weight = null)
        : base(scope)
    {
        Weight = AddParameter("weight", weight ?? Initialization.Normal(1), vocabulary, width);
    }

    /// <summary>The table, which an output layer may share.</summary>
    public Parameter Weight { get; }

    /// <summary>Looks up a vector for each token.</summary>
    /// <param name="tape">The tape.</param>
    /// <param name="tokens">The tokens; must stay as they are until the backward pass is done.</param>
    /// <param name="shape">Their dimensions, such as [batch, time].</param>
    /// <returns>Shape [..., width].</returns>
    public Tensor Forward(Tape tape, ReadOnlyMemory<int> tokens, params ReadOnlySpan<int> shape)
    {
        ArgumentNullException.ThrowIfNull(tape);
        return EmbeddingOperation.Apply(tape, tape.Use(Weight), tokens, shape);
    }

    /// <summary>The mean vector of each bag of tokens.</summary>
    /// <param name="tape">The tape.</param>
    /// <param name="tokens">The tokens of all bags, one bag after the other; must stay as they are until the backward pass is done.</param>
    /// <param name="offsets">Where each bag starts, and at last the number of tokens.</param>
    /// <returns>Shape [bags, width].</returns>
    public Tensor ForwardBags(Tape tape, ReadOnlyMemory<int> tokens, ReadOnlyMemory<int> offsets)
    {
        ArgumentNullException.ThrowIfNull(tape);
        return EmbeddingBagOperation.Apply(tape, tape.Use(Weight), tokens, offsets);
    }
}
