namespace Residuum.Numerics;

/// <summary>
/// The innermost part of a matrix product: a tile of C that is summed in registers over one panel of the inner dimension.
/// </summary>
internal unsafe interface IMatrixTile
{
    /// <summary>Rows of the tile.</summary>
    static abstract int Rows { get; }

    /// <summary>Columns of the tile.</summary>
    static abstract int Columns { get; }

    /// <summary><c>C = alpha A B + beta C</c> for one tile; a <paramref name="beta"/> of 0 reads nothing of C.</summary>
    /// <param name="depth">The number of terms.</param>
    /// <param name="a">A's first element.</param>
    /// <param name="aRow">The distance between rows of A, in elements like all distances.</param>
    /// <param name="aStep">The distance between columns of A.</param>
    /// <param name="b">B's first element; the elements of a row of B are neighbours.</param>
    /// <param name="bStep">The distance between rows of B.</param>
    /// <param name="c">C's first element; the elements of a row of C are neighbours.</param>
    /// <param name="cRow">The distance between rows of C.</param>
    /// <param name="alpha">The factor of the product.</param>
    /// <param name="beta">The factor of the old C.</param>
    static abstract void Run(
        nint depth, float* a, nint aRow, nint aStep, float* b, nint bStep, float* c, nint cRow, float alpha, float beta);
}
