using System.Runtime.CompilerServices;

namespace Residuum.Numerics;

/// <summary>A checked product <c>C = alpha A B + beta C</c> with C's rows as stored, ready to be cut into blocks.</summary>
internal readonly unsafe struct MatrixArguments
{
    // Packing an operand pays when each packed element is read by more tiles than this.
    private const int TilesWithoutPacking = 2;

    // The same for an A whose steps are near each other, so that a tile uses each line of the cache up before it is lost.
    private const int TilesNear = 16;
    private const int NearStep = 64;

    // What MatrixFlatWork is for: each element of B is used by at most so many rows, and B has at least so many rows and columns.
    private const int FewRows = 160;
    private const int LargeSide = 512;

    private readonly float* _a;
    private readonly nint _aRow;
    private readonly nint _aStep;
    private readonly float* _b;
    private readonly nint _bColumn;
    private readonly nint _bStep;
    private readonly float* _c;
    private readonly nint _stride;
    private readonly float _alpha;
    private readonly float _beta;

    /// <summary>Takes pinned operands; a transposed C is computed as the transposed product.</summary>
    public MatrixArguments(
        float* a, MatrixLayout aLayout, float* b, MatrixLayout bLayout, float* c, MatrixLayout cLayout, float alpha, float beta)
    {
        if (cLayout.IsTransposed)
        {
            this = new(b, bLayout.Transpose(), a, aLayout.Transpose(), c, cLayout.Transpose(), alpha, beta);
            return;
        }

        _a = a;
        _aRow = aLayout.IsTransposed ? 1 : aLayout.Stride;
        _aStep = aLayout.IsTransposed ? aLayout.Stride : 1;
        _b = b;
        _bColumn = bLayout.IsTransposed ? bLayout.Stride : 1;
        _bStep = bLayout.IsTransposed ? 1 : bLayout.Stride;
        _c = c;
        _stride = cLayout.Stride;
        _alpha = alpha;
        _beta = beta;
        Rows = cLayout.Rows;
        Columns = cLayout.Columns;
        Depth = aLayout.Columns;
    }

    /// <summary>Rows of C.</summary>
    public int Rows { get; }

    /// <summary>Columns of C.</summary>
    public int Columns { get; }

    /// <summary>The inner dimension.</summary>
    public int Depth { get; }

    /// <summary>Whether A is not worth packing (a skinny product).</summary>
    public bool ReadsAInPlace<TTile>()
        where TTile : IMatrixTile => Columns <= (_aStep <= NearStep ? TilesNear : TilesWithoutPacking) * TTile.Columns;

    /// <summary>Whether B's rows can be read as they lie and are not worth packing.</summary>
    public bool ReadsBInPlace<TTile>()
        where TTile : IMatrixTile => _bColumn == 1 && Rows <= TilesWithoutPacking * TTile.Rows;

    /// <summary>Whether few rows meet a B that is stored row by row and does not fit the caches.</summary>
    public bool IsFlat => _bColumn == 1 && Rows <= FewRows && Columns >= LargeSide && Depth >= LargeSide;

    /// <summary>A's first element.</summary>
    public float* A => _a;

    /// <summary>The distance between rows of A.</summary>
    public nint ARow => _aRow;

    /// <summary>The distance between columns of A.</summary>
    public nint AStep => _aStep;

    /// <summary>B's first element.</summary>
    public float* B => _b;

    /// <summary>The distance between rows of B.</summary>
    public nint BStep => _bStep;

    /// <summary>C's first element.</summary>
    public float* C => _c;

    /// <summary>The distance between rows of C.</summary>
    public nint Stride => _stride;

    /// <summary>The factor of the product.</summary>
    public float Alpha => _alpha;

    /// <summary>The factor of the old C.</summary>
    public float Beta => _beta;

    /// <summary>A part of the product, without scratch.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public MatrixBlock<TTile> Block<TTile>(
        int row, int rows, bool aInPlace, int column, int columns, bool bInPlace, int first, int depth)
        where TTile : IMatrixTile => new()
        {
            A = new MatrixStrips(_a + row * _aRow, _aRow, _aStep, rows, TTile.Rows, aInPlace),
            B = new MatrixStrips(_b + column * _bColumn, _bColumn, _bStep, columns, TTile.Columns, bInPlace),
            C = _c + row * _stride + column,
            Stride = _stride,
            First = first,
            Depth = depth,
            Alpha = _alpha,
            Beta = _beta,
        };
}
