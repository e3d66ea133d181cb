namespace Residuum.Numerics;

/// <summary>
/// Where the matrices of a batch lie in one span: matrix (outer, inner) starts at <c>outer * OuterStride + inner * InnerStride</c>.
/// </summary>
/// <remarks>
/// Two levels, so that the heads of attention are read where they lie: in an array [batch, time, heads, width] the head h of the sequence b
/// starts at <c>b * time * heads * width + h * width</c>, with row stride <c>heads * width</c>. A stride of 0 repeats an operand.
/// </remarks>
/// <param name="Matrix">The layout of each matrix.</param>
/// <param name="OuterStride">Elements between the starts of neighbours at the outer level.</param>
/// <param name="InnerStride">Elements between the starts of neighbours at the inner level.</param>
public readonly record struct BatchLayout(MatrixLayout Matrix, int OuterStride, int InnerStride)
{
    /// <summary>Where matrix <paramref name="index"/> of <c>outer * inner</c> starts.</summary>
    internal nint Offset(int index, int inner) => (nint)(index / inner) * OuterStride + (nint)(index % inner) * InnerStride;

    /// <summary>Checks that a span of <paramref name="available"/> elements holds the whole batch.</summary>
    internal void Require(long available, int outer, int inner, string name)
    {
        if (OuterStride < 0 || InnerStride < 0)
        {
            throw new ArgumentException($"The batch {name} has strides {OuterStride} and {InnerStride}; they must be at least 0.", name);
        }

        Matrix.Require(available, name);
        long needed = Matrix.Length == 0 ? 0 : (outer - 1L) * OuterStride + (inner - 1L) * InnerStride + Matrix.Length;
        if (available < needed)
        {
            throw new ArgumentException($"The batch {name} needs {needed} elements; its span has {available}.", name);
        }
    }
}
