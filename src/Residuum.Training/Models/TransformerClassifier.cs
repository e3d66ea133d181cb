using Residuum.Training.Differentiation;
using Residuum.Training.Layers;

namespace Residuum.Training.Models;

/// <summary>
/// Classifies a text by a transformer over its words: the blocks of <see cref="DecoderTransformer"/>, the mean of the positions, a linear
/// layer.
/// </summary>
/// <remarks>
/// Texts of a batch are filled up to the longest of them. Positions see only what is before them, and the mean leaves out what was filled
/// in, so a text's logits do not depend on the other texts. Of a longer text the first <see cref="DecoderTransformerOptions.Context"/>
/// words count; a text without words has the logits of the bias.
/// </remarks>
public sealed class TransformerClassifier : Layer
{
    private readonly int _context;
    private readonly DecoderStack _stack;
    private readonly Linear _head;
    private int[] _words = [];
    private int[] _places = [];
    private int[] _ends = [];

    /// <summary>Makes the model.</summary>
    /// <param name="options">Its size; there is no head to tie.</param>
    /// <param name="classes">The number of classes.</param>
    /// <param name="seed">The seed of the initial weights.</param>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of its range.</exception>
    public TransformerClassifier(DecoderTransformerOptions options, int classes, ulong seed)
        : base(new LayerScope(seed))
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        ArgumentOutOfRangeException.ThrowIfLessThan(classes, 1);
        _context = options.Context;
        LayerScope scope = new(seed);
        _stack = Add(new DecoderStack(scope, options));
        _head = Add(new Linear(scope.Of("head"), options.Width, classes, DecoderStack.InputWeights));
    }

    /// <summary>Computes logits.</summary>
    /// <param name="tape">The tape.</param>
    /// <param name="tokens">The words of all texts, one text after the other.</param>
    /// <param name="offsets">Where each text starts, and at last the number of words.</param>
    /// <returns>Shape [texts, classes]. The model's next forward pass must come after the backward pass.</returns>
    public Tensor Forward(Tape tape, ReadOnlyMemory<int> tokens, ReadOnlyMemory<int> offsets)
    {
        ArgumentNullException.ThrowIfNull(tape);
        int texts = offsets.Length - 1;
        int time = Fill(tokens.Span, offsets.Span);
        Tensor h = _stack.Forward(tape, _words.AsMemory(0, texts * time), texts, time);

        // The mean over a text's positions is that of a bag of rows.
        Tensor rows = ReshapeOperation.Apply(tape, h, texts * time, h.Columns);
        Tensor means = EmbeddingBagOperation.Apply(tape, rows, _places.AsMemory(0, _ends[texts]), _ends.AsMemory(0, texts + 1));
        return _head.Forward(tape, means);
    }

    // Writes the texts as rows of one length, and where in these the words are. Returns the length.
    private int Fill(ReadOnlySpan<int> tokens, ReadOnlySpan<int> offsets)
    {
        int texts = offsets.Length - 1;
        if (_ends.Length <= texts)
        {
            _words = new int[texts * _context];
            _places = new int[texts * _context];
            _ends = new int[texts + 1];
        }

        int time = 1;
        for (int i = 0; i < texts; i++)
        {
            time = Math.Max(time, Math.Min(offsets[i + 1] - offsets[i], _context));
        }

        _words.AsSpan(0, texts * time).Clear();
        _ends[0] = 0;
        for (int i = 0; i < texts; i++)
        {
            int count = Math.Min(offsets[i + 1] - offsets[i], time);
            tokens.Slice(offsets[i], count).CopyTo(_words.AsSpan(i * time));
            for (int j = 0; j < count; j++)
            {
                _places[_ends[i] + j] = (i * time) + j;
            }

            _ends[i + 1] = _ends[i] + count;
        }

        return time;
    }
}
