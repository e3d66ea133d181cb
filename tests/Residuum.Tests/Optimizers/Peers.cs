using Residuum.Optimizers;

namespace Residuum.Tests.Optimizers;

/// <summary>Runs of methods on tensors of given shapes, from random weights and gradients.</summary>
internal static class Peers
{
    /// <summary>The weights after some steps.</summary>
    /// <param name="make">Makes the optimizer.</param>
    /// <param name="steps">How many steps.</param>
    /// <param name="isTransposed">Whether matrices and their gradients are transposed at the start and back at the end.</param>
    /// <param name="shapes">The tensors' shapes.</param>
    public static float[][] Run(Func<Parameter[], Optimizer> make, int steps, bool isTransposed, params int[][] shapes)
    {
        Parameter[] parameters = [.. shapes.Select((shape, i) => new Parameter($"w{i}", isTransposed ? [.. shape.Reverse()] : shape))];
        for (int i = 0; i < parameters.Length; i++)
        {
            Fill(parameters[i].Values.Span, shapes[i], stream: 100 + (ulong)i, scale: 0.1, isTransposed);
        }

        Optimizer optimizer = make(parameters);
        for (int step = 0; step < steps; step++)
        {
            for (int i = 0; i < parameters.Length; i++)
            {
                Fill(parameters[i].Gradient.Span, shapes[i], stream: (ulong)((1000 * step) + i + 1), scale: 1 + step, isTransposed);
            }

            optimizer.Step();
        }

        return [.. parameters.Select((parameter, i) => isTransposed ? Transpose(parameter.Values.Span, shapes[i][1], shapes[i][0]) : parameter.Values.ToArray())];
    }

    /// <summary>Weights after a step with given gradients, from zeros.</summary>
    public static float[] StepFromZero(Func<Parameter[], Optimizer> make, int[] shape, float[] gradient)
    {
        Parameter parameter = new("w", shape);
        gradient.CopyTo(parameter.Gradient);
        make([parameter]).Step();
        return parameter.Values.ToArray();
    }

    public static void AssertClose(float[][] expected, float[][] actual, double relative)
    {
        for (int i = 0; i < expected.Length; i++)
        {
            for (int j = 0; j < expected[i].Length; j++)
            {
                Assert.Equal(expected[i][j], actual[i][j], relative * Math.Max(1e-2, Math.Abs(expected[i][j])));
            }
        }
    }

    private static void Fill(Span<float> target, int[] shape, ulong stream, double scale, bool isTransposed)
    {
        float[] values = Numerics.Draws.Normal(target.Length, stream, scale);
        (isTransposed ? Transpose(values, shape[0], shape[1]) : values).CopyTo(target);
    }

    private static float[] Transpose(ReadOnlySpan<float> matrix, int rows, int columns)
    {
        float[] result = new float[matrix.Length];
        for (int i = 0; i < rows; i++)
        {
            for (int j = 0; j < columns; j++)
            {
                result[(j * rows) + i] = matrix[(i * columns) + j];
            }
        }

        return result;
    }
}
