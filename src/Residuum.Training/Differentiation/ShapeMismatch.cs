using System.Diagnostics.CodeAnalysis;

namespace Residuum.Training.Differentiation;

/// <summary>Checks of operand shapes: each throws one sentence that names both shapes.</summary>
internal static class ShapeMismatch
{
    public static void ThrowIf([DoesNotReturnIf(true)] bool mismatch, string operation, Tensor left, Tensor right)
    {
        if (mismatch)
        {
            throw new ArgumentException(
                $"{operation} cannot combine the shapes {TensorShape.Format(left.Shape)} and {TensorShape.Format(right.Shape)}.");
        }
    }
}
