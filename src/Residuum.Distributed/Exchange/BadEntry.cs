using Residuum.Numerics;

namespace Residuum.Distributed.Exchange;

/// <summary>An entry of a gradient that is NaN or infinite.</summary>
/// <param name="Parameter">The parameter's position in the list.</param>
/// <param name="Index">The entry.</param>
/// <param name="Value">What it is.</param>
internal readonly record struct BadEntry(int Parameter, int Index, float Value)
{
    /// <summary>The first of all gradients; null if all are finite.</summary>
    public static BadEntry? First(IReadOnlyList<Parameter> parameters)
    {
        for (int i = 0; i < parameters.Count; i++)
        {
            if (parameters[i].HasGradient && In(i, parameters[i].Gradient.Span) is { } bad)
            {
                return bad;
            }
        }

        return null;
    }

    /// <summary>The first of one gradient; null if it is finite.</summary>
    public static BadEntry? In(int parameter, ReadOnlySpan<float> gradient)
    {
        _ = GradientKernels.SumOfSquares(gradient, float.PositiveInfinity, out bool finite);
        if (finite)
        {
            return null;
        }

        int index = 0;
        while (float.IsFinite(gradient[index]))
        {
            index++;
        }

        return new BadEntry(parameter, index, gradient[index]);
    }

    /// <summary>Whether this one is told of rather than another.</summary>
    public bool IsBefore(BadEntry other) => (Parameter, Index).CompareTo((other.Parameter, other.Index)) < 0;
}
