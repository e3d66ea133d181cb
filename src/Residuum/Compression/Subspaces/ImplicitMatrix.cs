using Residuum.Numerics;

namespace Residuum.Compression;

/// <summary>
/// The matrix <c>B = alpha A + U c</c> of a projection, turned so that its shorter side comes first (X = B or B^T), without ever being made
/// as a whole.
/// </summary>
internal readonly ref struct ImplicitMatrix
{
    private readonly SubspaceLayout _layout;
    private readonly float _alpha;
    private readonly float _scale;
    private readonly ReadOnlySpan<float> _matrix;
    private readonly ReadOnlySpan<float> _basis;
    private readonly ReadOnlySpan<float> _coefficients;

    /// <summary>Joins the parts; U c is left out if <paramref name="basis"/> is empty.</summary>
    public ImplicitMatrix(
        SubspaceLayout layout, float alpha, ReadOnlySpan<float> matrix, ReadOnlySpan<float> basis, ReadOnlySpan<float> coefficients)
        : this(layout, alpha, matrix, basis, coefficients, scale: 1)
    {
    }

    private ImplicitMatrix(
        SubspaceLayout layout,
        float alpha,
        ReadOnlySpan<float> matrix,
        ReadOnlySpan<float> basis,
        ReadOnlySpan<float> coefficients,
        float scale)
    {
        _layout = layout;
        _alpha = alpha;
        _scale = scale;
        _matrix = matrix;
        _basis = basis;
        _coefficients = coefficients;
    }

    /// <summary>Whether the basis that is looked for lies on the shorter side, so that X = B.</summary>
    public bool IsBasisShort => _layout.Side <= _layout.Length;

    /// <summary>The length of the shorter side.</summary>
    public int Short => Math.Min(_layout.Side, _layout.Length);

    /// <summary>The length of the longer side.</summary>
    public int Long => Math.Max(_layout.Side, _layout.Length);

    private MatrixLayout A => IsBasisShort ? _layout.Matrix : _layout.Matrix.Transpose();

    // X = alpha A + first second, first being U or c^T.
    private ReadOnlySpan<float> First => IsBasisShort ? _basis : _coefficients;

    private MatrixLayout FirstLayout => IsBasisShort ? _layout.Basis : _layout.Coefficients.Transpose();

    private ReadOnlySpan<float> Second => IsBasisShort ? _coefficients : _basis;

    private MatrixLayout SecondLayout => IsBasisShort ? _layout.Coefficients : _layout.Basis.Transpose();

    /// <summary>A largest entry of the parts; 0 only if B is zero.</summary>
    public float Magnitude => Math.Max(Math.Abs(_alpha) * Reductions.LargestMagnitude(_matrix), Reductions.LargestMagnitude(_coefficients));

    /// <summary>
    /// The same matrix times a power of two that brings its parts near 1: the singular vectors are the same, and squares fit float32.
    /// </summary>
    public ImplicitMatrix Normalized() =>
        new(_layout, _alpha, _matrix, _basis, _coefficients, MathF.ScaleB(1, -MathF.ILogB(Magnitude)));

    /// <summary><c>result = vectors X</c>, of count rows; the scratch takes count x r.</summary>
    public void Multiply(ReadOnlySpan<float> vectors, int count, Span<float> result, Span<float> scratch, WorkSharing work) => Multiply(
        vectors,
        new MatrixLayout(count, Short),
        A,
        First,
        FirstLayout,
        Second,
        SecondLayout,
        result,
        new MatrixLayout(count, Long),
        scratch,
        work);

    /// <summary><c>result = vectors X^T</c>, of count rows; the scratch takes count x r.</summary>
    public void MultiplyTransposed(ReadOnlySpan<float> vectors, int count, Span<float> result, Span<float> scratch, WorkSharing work) =>
        Multiply(
            vectors,
            new MatrixLayout(count, Long),
            A.Transpose(),
            Second,
            SecondLayout.Transpose(),
            First,
            FirstLayout.Transpose(),
            result,
            new MatrixLayout(count, Short),
            scratch,
            work);

    /// <summary>Makes some columns of X: row k of <paramref name="panel"/> is column start + k.</summary>
    public void CopyColumns(int start, int depth, Span<float> panel, WorkSharing work)
    {
        MatrixLayout a = A;
        int size = Short;
        for (int k = 0; k < depth; k++)
        {
            Span<float> row = panel.Slice(k * size, size);
            if (a.IsTransposed)
            {
                _matrix.Slice((start + k) * a.Stride, size).CopyTo(row);
                continue;
            }

            for (int i = 0; i < size; i++)
            {
                row[i] = _matrix[(i * a.Stride) + start + k];
            }
        }

        if (_alpha != 1)
        {
            VectorKernels.Scale(panel, _alpha);
        }

        if (!_basis.IsEmpty)
        {
            MatrixLayout second = SecondLayout;
            ReadOnlySpan<float> part = Second[(second.IsTransposed ? start * second.Stride : start)..];
            MatrixProduct.Multiply(
                part,
                (second with { Columns = depth }).Transpose(),
                First,
                FirstLayout.Transpose(),
                panel,
                new MatrixLayout(depth, size),
                work,
                beta: 1);
        }
    }

    private void Multiply(
        ReadOnlySpan<float> vectors,
        MatrixLayout vectorsLayout,
        MatrixLayout a,
        ReadOnlySpan<float> first,
        MatrixLayout firstLayout,
        ReadOnlySpan<float> second,
        MatrixLayout secondLayout,
        Span<float> result,
        MatrixLayout resultLayout,
        Span<float> scratch,
        WorkSharing work)
    {
        MatrixProduct.Multiply(vectors, vectorsLayout, _matrix, a, result, resultLayout, work, _scale * _alpha);
        if (!_basis.IsEmpty)
        {
            // (vectors first) second, the small product being count x r.
            MatrixLayout smallLayout = new(vectorsLayout.Rows, _layout.Rank);
            Span<float> small = scratch[..(vectorsLayout.Rows * _layout.Rank)];
            MatrixProduct.Multiply(vectors, vectorsLayout, first, firstLayout, small, smallLayout, work);
            MatrixProduct.Multiply(small, smallLayout, second, secondLayout, result, resultLayout, work, _scale, beta: 1);
        }
    }
}
