using System.Runtime.InteropServices;
using Residuum.Numerics;
using Residuum.Optimizers;
using Residuum.State;

namespace Residuum.Tests.Optimizers;

/// <summary>Matrices, their gradients and state, for the tests of methods that project.</summary>
internal static class LowRankRuns
{
    public static Parameter Matrix(string name, int rows, int columns, ulong seed = 1)
    {
        Parameter parameter = new(name, rows, columns);
        Draw(parameter.Values.Span, seed, stream: 1000);
        return parameter;
    }

    /// <summary>Standard normal numbers, a function of seed and stream.</summary>
    public static void Draw(Span<float> values, ulong seed, ulong stream)
    {
        CounterRandom random = new(seed, stream);
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = (float)random.Normal((ulong)i);
        }
    }

    /// <summary>Hands over a gradient as a backward pass does: added where the gradient holds an error.</summary>
    public static void Give(Parameter parameter, ReadOnlySpan<float> gradient)
    {
        Span<float> target = parameter.Gradient.Span;
        for (int i = 0; i < gradient.Length; i++)
        {
            target[i] = parameter.GradientHoldsError ? target[i] + gradient[i] : gradient[i];
        }
    }

    /// <summary>The gradient of a step.</summary>
    public static float[] Gradient(Parameter parameter, int step, ulong seed = 1)
    {
        float[] gradient = new float[parameter.Length];
        Draw(gradient, seed, (ulong)step);
        return gradient;
    }

    public static void Step(Optimizer optimizer, int step, ulong seed = 1)
    {
        foreach ((int index, Parameter parameter) in optimizer.Groups.SelectMany(group => group.Parameters).Index())
        {
            Give(parameter, Gradient(parameter, step, seed + (ulong)(100 * index)));
        }

        optimizer.Step();
    }

    public static float[] Read(Optimizer optimizer, string field)
    {
        using MemoryStream stream = new();
        optimizer.State.Single(piece => piece.Name == field).Write(stream);
        return MemoryMarshal.Cast<byte, float>(stream.ToArray()).ToArray();
    }

    public static void Write(Optimizer optimizer, string field, float[] values)
    {
        using MemoryStream stream = new(MemoryMarshal.AsBytes(values.AsSpan()).ToArray());
        optimizer.State.Single(piece => piece.Name == field).Read(stream);
    }

    public static long[] ShapeOf(Optimizer optimizer, string field) => [.. optimizer.State.Single(piece => piece.Name == field).Spec.Shape];

    public static double Norm(ReadOnlySpan<float> x) => Math.Sqrt(Reductions.SumOfSquares(x));

    public static byte[] Everything(Optimizer optimizer)
    {
        using MemoryStream stream = new();
        foreach (Parameter parameter in optimizer.Groups.SelectMany(group => group.Parameters))
        {
            stream.Write(MemoryMarshal.AsBytes(parameter.Values.Span));
        }

        foreach (StateField piece in optimizer.State)
        {
            piece.Write(stream);
        }

        return stream.ToArray();
    }

    public static void AssertClose(ReadOnlySpan<float> expected, ReadOnlySpan<float> actual, float tolerance)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (int i = 0; i < expected.Length; i++)
        {
            Assert.True(MathF.Abs(expected[i] - actual[i]) <= tolerance, $"entry {i}: {actual[i]} instead of {expected[i]}");
        }
    }
}
