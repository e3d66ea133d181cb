using Residuum.Numerics;
using Residuum.Optimizers;
using Residuum.Training.Differentiation;
using Residuum.Training.Layers;

namespace Residuum.Training.Tests.Acceptance;

/// <summary>Linear layers with hyperbolic tangents between, weights N(0, gain^2 / inputs), biases 0.</summary>
internal sealed class TanhNet : Layer
{
    private readonly List<Linear> _layers = [];

    public TanhNet(LayerScope scope, double gain, params ReadOnlySpan<int> widths)
        : base(scope)
    {
        for (int i = 0; i + 1 < widths.Length; i++)
        {
            Linear layer = new(scope.Of($"linear{i}"), widths[i], widths[i + 1], Initialization.Normal(gain / Math.Sqrt(widths[i])), Initialization.Zero);
            _layers.Add(Add(layer));
        }
    }

    public Tensor Forward(Tape tape, Tensor x)
    {
        Tensor h = _layers[0].Forward(tape, x);
        foreach (Linear layer in _layers.Skip(1))
        {
            h = layer.Forward(tape, TanhOperation.Apply(tape, h));
        }

        return h;
    }

    /// <summary>Trains for 1,500 steps on batches of 64, drawn with replacement, while the rate falls linearly to 0.</summary>
    /// <returns>The loss of all examples at the end.</returns>
    public double Train(float[] inputs, int[] labels, Func<IEnumerable<Parameter>, Optimizer> method, double rate, ulong seed)
    {
        const int Batch = 64;
        const int Steps = 1500;
        int width = inputs.Length / labels.Length;
        Optimizer optimizer = method(Parameters);
        Tape tape = new(WorkSharing.Alone);
        float[] batch = new float[Batch * width];
        int[] batchLabels = new int[Batch];
        CounterRandom draws = new(seed, stream: 99);
        for (int step = 0; step < Steps; step++)
        {
            for (int row = 0; row < Batch; row++)
            {
                int example = draws.Below(((ulong)step * Batch) + (ulong)row, labels.Length);
                inputs.AsSpan(example * width, width).CopyTo(batch.AsSpan(row * width));
                batchLabels[row] = labels[example];
            }

            ResetGradients();
            tape.Begin(step, training: true);
            tape.Backward(CrossEntropyOperation.Apply(tape, Forward(tape, tape.Input(batch, Batch, width)), batchLabels));
            optimizer.Groups[0].LearningRate = rate * (1 - ((double)step / Steps));
            optimizer.Step();
        }

        tape.Begin(Steps, training: false);
        return CrossEntropyOperation.Apply(tape, Forward(tape, tape.Input(inputs, labels.Length, width)), labels).Values[0];
    }
}
