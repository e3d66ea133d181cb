using Residuum.Numerics;
using Residuum.Training.Differentiation;

namespace Residuum.Training.Tests.Differentiation;

/// <summary>Compares gradients with central differences of a scalar function of some parameters.</summary>
internal static class GradientCheck
{
    /// <summary>Random numbers of the standard normal distribution, the same for the same stream.</summary>
    public static float[] Normal(int length, ulong stream)
    {
        CounterRandom random = new(seed: 20_261_122, stream);
        float[] values = new float[length];
        for (int i = 0; i < length; i++)
        {
            values[i] = (float)random.Normal((ulong)i);
        }

        return values;
    }

    /// <summary>A parameter of random values.</summary>
    public static Parameter Parameter(string name, ulong stream, params ReadOnlySpan<int> shape)
    {
        Parameter parameter = new(name, shape);
        Normal(parameter.Length, stream).CopyTo(parameter.Values);
        return parameter;
    }

    /// <summary>
    /// Checks every entry of every parameter's gradient. The function's result is weighed with fixed random numbers, so that each of its
    /// entries counts. Central differences of step h err by O(h²) and by rounding / h; h = 1e-2 balances the two in float32.
    /// </summary>
    public static void Verify(Func<Tape, Tensor> function, IReadOnlyList<Parameter> parameters, double tolerance = 2e-3, float h = 1e-2f)
    {
        Tape tape = new(new WorkSharing(2), seed: 7);
        foreach (Parameter parameter in parameters)
        {
            parameter.HasGradient = false;
        }

        tape.Begin(0, training: true);
        Tensor output = function(tape);
        tape.Backward(WeighedSumOperation.Apply(tape, output, Normal(output.Length, stream: 99)));
        foreach (Parameter parameter in parameters)
        {
            Assert.True(parameter.HasGradient, $"{parameter} was not reached");
            double scale = 1;
            foreach (float g in parameter.Gradient.Span)
            {
                scale = Math.Max(scale, Math.Abs(g));
            }

            for (int i = 0; i < parameter.Length; i++)
            {
                float before = parameter.Values.Span[i];
                parameter.Values.Span[i] = before + h;
                double above = Value(tape, function);
                parameter.Values.Span[i] = before - h;
                double below = Value(tape, function);
                parameter.Values.Span[i] = before;
                double expected = (above - below) / ((double)(before + h) - (before - h));
                double actual = parameter.Gradient.Span[i];
                Assert.True(
                    Math.Abs(expected - actual) <= tolerance * scale,
                    $"{parameter}[{i}]: central difference {expected}, gradient {actual}, largest {scale}");
            }
        }
    }

    private static double Value(Tape tape, Func<Tape, Tensor> function)
    {
        tape.Begin(0, training: true);
        Tensor output = function(tape);
        return WeighedSumOperation.Sum(output, Normal(output.Length, stream: 99));
    }
}
