namespace Residuum.Distributed.Exchange;

/// <summary>A parameter as a matrix: the first dimension, and the product of the others.</summary>
/// <param name="Rows">R.</param>
/// <param name="Columns">D.</param>
internal readonly record struct MatrixView(int Rows, int Columns)
{
    /// <summary>The matrix of a shape, or null for one that is never compressed: of fewer than two dimensions, or empty.</summary>
    public static MatrixView? Of(ReadOnlySpan<int> shape, string name)
    {
        int length = TensorShape.ElementCount(shape, name);
        return shape.Length < 2 || length == 0 ? null : new MatrixView(shape[0], length / shape[0]);
    }

    /// <summary>n = R D.</summary>
    public int Length => Rows * Columns;
}
