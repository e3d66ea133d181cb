using Residuum.Training.Data;
using Residuum.Training.Differentiation;
using Residuum.Training.Layers;
using Residuum.Training.Models;
using Residuum.Training.Trainer;

namespace Residuum.Training.Recipes;

/// <summary>Predicts each token of a text from those before it.</summary>
/// <remarks>
/// Training takes windows at random places. An evaluation reads a part from front to back in windows that overlap by a quarter, so that
/// each token but the first is predicted once, from at least a quarter of a window of context (as far as the text has it).
/// </remarks>
internal sealed class LanguageModeling : TrainingTask
{
    private readonly DecoderTransformer _model;
    private readonly DataSplit<TokenStream> _parts;
    private readonly RandomWindows _windows;
    private readonly int[] _inputs;
    private readonly int[] _targets;
    private long _copiedStep = -1;

    /// <summary>Makes the task.</summary>
    /// <param name="model">The model; a window is as long as its context.</param>
    /// <param name="parts">The text.</param>
    /// <param name="unit">What its tokens are called.</param>
    /// <param name="batch">Windows of a batch.</param>
    /// <param name="seed">The seed of the windows' places.</param>
    public LanguageModeling(DecoderTransformer model, DataSplit<TokenStream> parts, string unit, int batch, ulong seed)
    {
        _model = model;
        _parts = parts;
        ExampleUnit = unit;
        _windows = new RandomWindows(parts.Train, Context, batch, seed);
        _inputs = new int[batch * Context];
        _targets = new int[batch * Context];
    }

    public override Layer Model => _model;

    public override string ExampleUnit { get; }

    public override int ExamplesPerRow => Context;

    public override int StepsPerEpoch => Math.Max(1, _parts.Train.Count / (_windows.BatchSize * Context));

    private int Context => _model.Options.Context;

    public override int BatchRows(long step) => _windows.BatchSize;

    public override Tensor Loss(Tape tape, long step, int start, int count)
    {
        if (_copiedStep != step)
        {
            _windows.Copy(step, _inputs, _targets);
            _copiedStep = step;
        }

        int first = start * Context;
        int tokens = count * Context;
        Tensor logits = _model.Forward(tape, _inputs.AsMemory(first, tokens), count, Context);
        return CrossEntropyOperation.Apply(tape, logits, _targets.AsMemory(first, tokens));
    }

    public override EvaluationResult? Evaluate(Tape tape, DataPart part, int most = int.MaxValue, CancellationToken interrupted = default)
    {
        TokenStream stream = part == DataPart.Validation ? _parts.Validation : _parts.Test;
        SequentialWindows windows = new(stream, Context, Context / 4);
        int count = Math.Min(windows.Count, most);
        // As many windows at once as in training, so that an evaluation works in the memory that the training steps have warmed.
        int together = _windows.BatchSize;
        int[] inputs = new int[together * Context];
        int[] targets = new int[together * Context];

        // A part of the windows is spread evenly: neighbouring ones are of one speech.
        int Window(int k) => (int)((long)k * windows.Count / count);

        // Nothing stands before the first token: it costs as much as a uniform guess.
        double nats = Math.Log(stream.Vocabulary);
        long scored = 1;
        for (int next = 0; next < count;)
        {
            interrupted.ThrowIfCancellationRequested();
            int length = windows.LengthOf(Window(next));
            int rows = 0;
            int counted = 0;
            while (rows < together && next < count && windows.LengthOf(Window(next)) == length)
            {
                int window = Window(next);
                Span<int> rowTargets = targets.AsSpan(rows * length, length);
                windows.Copy(window, inputs.AsSpan(rows * length, length), rowTargets);
                int skipped = Math.Min(windows.FirstScored(window), length);
                rowTargets[..skipped].Fill(CrossEntropyOperation.Ignored);
                counted += length - skipped;
                rows++;
                next++;
            }

            if (counted > 0)
            {
                tape.Begin(step: 0, training: false);
                Tensor logits = _model.Forward(tape, inputs.AsMemory(0, rows * length), rows, length);
                nats += (double)counted * CrossEntropyOperation.Apply(tape, logits, targets.AsMemory(0, rows * length)).Values[0];
                scored += counted;
            }
        }

        double mean = nats / scored;
        double bytesPerToken = (double)stream.Bytes / stream.Count;
        return new EvaluationResult(mean, BitsPerByte: mean / Math.Log(2) / bytesPerToken, Perplexity: Math.Exp(mean));
    }
}
