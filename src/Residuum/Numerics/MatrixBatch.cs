namespace Residuum.Numerics;

/// <summary>A checked batch of products of one shape.</summary>
/// <param name="outer">Products at the outer level.</param>
/// <param name="inner">Products at the inner level.</param>
/// <param name="a">All A, pinned.</param>
/// <param name="aLayout">The layout of all A.</param>
/// <param name="b">All B, pinned.</param>
/// <param name="bLayout">The layout of all B.</param>
/// <param name="c">All C, pinned.</param>
/// <param name="cLayout">The layout of all C.</param>
/// <param name="alpha">The factor of the products.</param>
/// <param name="beta">The factor of the old C.</param>
internal readonly unsafe struct MatrixBatch(
    int outer,
    int inner,
    float* a,
    BatchLayout aLayout,
    float* b,
    BatchLayout bLayout,
    float* c,
    BatchLayout cLayout,
    float alpha,
    float beta)
{
    /// <summary>How many products.</summary>
    public int Count => outer * inner;

    /// <summary>The inner dimension of each product.</summary>
    public int Depth => aLayout.Matrix.Columns;

    /// <summary>Multiply-adds of one product.</summary>
    public long Size => (long)cLayout.Matrix.Rows * cLayout.Matrix.Columns * aLayout.Matrix.Columns;

    /// <summary>One of the products.</summary>
    /// <param name="index">Its number, the inner level running fastest.</param>
    public MatrixArguments Product(int index) => new(
        a + aLayout.Offset(index, inner),
        aLayout.Matrix,
        b + bLayout.Offset(index, inner),
        bLayout.Matrix,
        c + cLayout.Offset(index, inner),
        cLayout.Matrix,
        alpha,
        beta);
}
