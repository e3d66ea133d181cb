using Residuum.Numerics;
using Residuum.Optimizers;
using Residuum.Training.Differentiation;
using Residuum.Training.Models;

namespace Examples;

/// <summary>The example of the training package, as a method.</summary>
internal static class TrainingExample
{
    public static void Run()
    {
        // example
        MultilayerPerceptron model = new(seed: 1, 2, 16, 2);
        AdamW optimizer = new(model.Parameters, new AdamWOptions { LearningRate = 0.02 });
        Tape tape = new(new WorkSharing(threads: 1));
        float[] inputs = [0, 0, 0, 1, 1, 0, 1, 1];
        int[] labels = [0, 1, 1, 0];
        for (int step = 1; step <= 200; step++)
        {
            tape.Begin(step, training: true);
            model.ResetGradients();
            Tensor loss = CrossEntropyOperation.Apply(tape, model.Forward(tape, tape.Input(inputs, 4, 2)), labels);
            tape.Backward(loss);
            optimizer.Step();
            Console.WriteLine($"step {step}: loss {loss.Values[0]:0.0000}");
        }
        // end
    }
}
