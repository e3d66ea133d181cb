using Residuum.Numerics;

namespace Residuum.Compression;

/// <summary>How a matrix of m rows and n columns is projected on a subspace of rank r, and where the parts lie in memory.</summary>
/// <remarks>
/// The left form has a basis U of m x r and coefficients U^T A of r x n. The right form is the left form of the transposed matrix: a basis
/// of n x r, and coefficients A U of m x r. All layouts here are those of the left form, so that a method is written once: in the right
/// form the matrix and the coefficients are read transposed, and products run along the rows of the matrix either way.
/// </remarks>
/// <param name="Rows">m, the stored rows of the matrix.</param>
/// <param name="Columns">n, its stored columns.</param>
/// <param name="Rank">r, at most <see cref="Side"/>.</param>
/// <param name="IsRight">Whether the basis spans rows of the matrix.</param>
internal readonly record struct SubspaceLayout(int Rows, int Columns, int Rank, bool IsRight)
{
    /// <summary>The length of a basis vector.</summary>
    public int Side => IsRight ? Columns : Rows;

    /// <summary>The coefficients of one basis vector.</summary>
    public int Length => IsRight ? Rows : Columns;

    /// <summary>The floats of a basis.</summary>
    public int BasisElements => checked(Side * Rank);

    /// <summary>The floats of coefficients.</summary>
    public int CoefficientElements => checked(Rank * Length);

    /// <summary>The matrix as <see cref="Side"/> x <see cref="Length"/>.</summary>
    public MatrixLayout Matrix => IsRight ? new(Columns, Rows, Columns, IsTransposed: true) : new(Rows, Columns);

    /// <summary>The basis, <see cref="Side"/> x <see cref="Rank"/>.</summary>
    public MatrixLayout Basis => new(Side, Rank);

    /// <summary>The basis, stored one vector after the other.</summary>
    public MatrixLayout BasisByColumns => new(Side, Rank, Side, IsTransposed: true);

    /// <summary>The coefficients as <see cref="Rank"/> x <see cref="Length"/>.</summary>
    public MatrixLayout Coefficients => CoefficientsOf(Rank);

    /// <summary>The basis as a checkpoint's field has it.</summary>
    public long[] BasisShape => [Side, Rank];

    /// <summary>Coefficients as a checkpoint's field has them: r x n, or m x r on the right.</summary>
    public long[] CoefficientShape => IsRight ? [Rows, Rank] : [Rank, Columns];

    /// <summary>Coefficients of another number of basis vectors.</summary>
    public MatrixLayout CoefficientsOf(int rank) => IsRight ? new(rank, Rows, rank, IsTransposed: true) : new(rank, Columns);

    /// <summary><c>coefficients = U^T A</c>: 2 m n r flops.</summary>
    public void Project(ReadOnlySpan<float> basis, ReadOnlySpan<float> matrix, Span<float> coefficients, WorkSharing work) =>
        MatrixProduct.Multiply(basis, Basis.Transpose(), matrix, Matrix, coefficients, Coefficients, work);

    /// <summary><c>A = alpha U coefficients + beta A</c>: 2 m n r flops, without a temporary.</summary>
    public void Expand(
        float alpha, ReadOnlySpan<float> basis, ReadOnlySpan<float> coefficients, float beta, Span<float> matrix, WorkSharing work) =>
        MatrixProduct.Multiply(basis, Basis, coefficients, Coefficients, matrix, Matrix, work, alpha, beta);
}
