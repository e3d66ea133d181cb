using System.Runtime.CompilerServices;

namespace Residuum.Numerics;

/// <summary>
/// A product of two operands cut into strips, over a range of the inner dimension: the part of the work that threads share.
/// </summary>
/// <typeparam name="TTile">The tile.</typeparam>
internal unsafe struct MatrixBlock<TTile>
    where TTile : IMatrixTile
{
    /// <summary>The left operand.</summary>
    public MatrixStrips A;

    /// <summary>The right operand.</summary>
    public MatrixStrips B;

    /// <summary>The packed strips of A.</summary>
    public float* PackedA;

    /// <summary>The packed strips of B.</summary>
    public float* PackedB;

    /// <summary>The first element of C.</summary>
    public float* C;

    /// <summary>The distance between rows of C.</summary>
    public nint Stride;

    /// <summary>The first step of the inner dimension, a multiple of the panel depth.</summary>
    public nint First;

    /// <summary>How many steps.</summary>
    public nint Depth;

    /// <summary>The factor of the product.</summary>
    public float Alpha;

    /// <summary>The factor of the old C, for the first panel.</summary>
    public float Beta;

    /// <summary>Does all of the block on the calling thread.</summary>
    public readonly void PackAndMultiply()
    {
        for (int strip = A.FirstPacked; strip < A.Count; strip++)
        {
            A.Pack(strip, First, Depth, PackedA);
        }

        for (int strip = B.FirstPacked; strip < B.Count; strip++)
        {
            B.Pack(strip, First, Depth, PackedB);
        }

        // 256 rows of A, 256 deep, lie in a second-level cache beside a strip of B.
        int strips = 256 / TTile.Rows;
        for (int start = 0; start < A.Count; start += strips)
        {
            Multiply(start, Math.Min(start + strips, A.Count), 0, B.Count);
        }
    }

    /// <summary>Computes the tiles of some strips of A with some strips of B, panel after panel.</summary>
    /// <param name="aStart">The first strip of A.</param>
    /// <param name="aEnd">One past the last strip of A.</param>
    /// <param name="bStart">The first strip of B.</param>
    /// <param name="bEnd">One past the last strip of B.</param>
    [MethodImpl(LaneLoop.KernelOptions)]
    public readonly void Multiply(int aStart, int aEnd, int bStart, int bEnd)
    {
        nint start = 0;
        do
        {
            // A strip of B and the strips of A of one panel stay in the nearest caches while all their tiles are computed.
            nint depth = Math.Min(MatrixProduct.PanelDepth, Depth - start);
            float beta = First + start == 0 ? Beta : 1;
            for (int j = bStart; j < bEnd; j++)
            {
                float* b = B.Read(j, First, Depth, start, PackedB, out _, out nint bStep);
                for (int i = aStart; i < aEnd; i++)
                {
                    float* a = A.Read(i, First, Depth, start, PackedA, out nint aRow, out nint aStep);
                    float* c = C + (nint)i * TTile.Rows * Stride + (nint)j * TTile.Columns;
                    int rows = A.Lanes(i);
                    int columns = B.Lanes(j);
                    if (rows == TTile.Rows && columns == TTile.Columns)
                    {
                        TTile.Run(depth, a, aRow, aStep, b, bStep, c, Stride, Alpha, beta);
                    }
                    else
                    {
                        MultiplyEdge(depth, a, aRow, aStep, b, bStep, c, rows, columns, beta);
                    }
                }
            }

            start += MatrixProduct.PanelDepth;
        }
        while (start < Depth);
    }

    /// <summary>A tile that reaches beyond C is computed in a buffer.</summary>
    private readonly void MultiplyEdge(
        nint depth, float* a, nint aRow, nint aStep, float* b, nint bStep, float* c, int rows, int columns, float beta)
    {
        float* tile = stackalloc float[TTile.Rows * TTile.Columns];
        if (beta != 0)
        {
            for (int row = 0; row < rows; row++)
            {
                new ReadOnlySpan<float>(c + row * Stride, columns).CopyTo(new Span<float>(tile + row * TTile.Columns, columns));
            }
        }

        TTile.Run(depth, a, aRow, aStep, b, bStep, tile, TTile.Columns, Alpha, beta);
        for (int row = 0; row < rows; row++)
        {
            new ReadOnlySpan<float>(tile + row * TTile.Columns, columns).CopyTo(new Span<float>(c + row * Stride, columns));
        }
    }
}
