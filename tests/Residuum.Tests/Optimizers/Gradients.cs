using Residuum.Numerics;
using Residuum.Optimizers;

namespace Residuum.Tests.Optimizers;

/// <summary>Random parameters and gradients, functions of a seed and a step.</summary>
internal static class Gradients
{
    public static Parameter Parameter(int length, ulong seed)
    {
        Parameter parameter = new($"w{seed}", length);
        CounterRandom random = new(seed, stream: 1);
        for (int i = 0; i < length; i++)
        {
            parameter.Values.Span[i] = (float)(0.1 * random.Normal((ulong)i));
        }

        return parameter;
    }

    public static void Draw(Parameter parameter, int step)
    {
        CounterRandom random = new((ulong)parameter.Length, stream: (ulong)step + 2);
        Span<float> gradient = parameter.Gradient.Span;
        for (int i = 0; i < gradient.Length; i++)
        {
            gradient[i] = (float)random.Normal((ulong)i);
        }
    }

    public static byte[] StateOf(Optimizer optimizer)
    {
        using MemoryStream stream = new();
        foreach (Residuum.State.StateField piece in optimizer.State)
        {
            piece.Write(stream);
        }

        return stream.ToArray();
    }
}
