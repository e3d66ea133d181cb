using System.Runtime.CompilerServices;

namespace Residuum.Numerics;

/// <summary>A tile of 8 rows and two registers of columns: 16 sums and 3 operands in the 32 registers of AVX-512.</summary>
/// <typeparam name="TLanes">The register type.</typeparam>
internal readonly unsafe struct MatrixTile8x2<TLanes> : IMatrixTile
    where TLanes : struct, ILanes<TLanes>
{
    public static int Rows => 8;

    public static int Columns => 2 * (int)TLanes.Width;

    [MethodImpl(LaneLoop.KernelOptions)]
    public static void Run(
        nint depth, float* a, nint aRow, nint aStep, float* b, nint bStep, float* c, nint cRow, float alpha, float beta)
    {
        MatrixTileEnd.Request<TLanes>(c, cRow, Rows);
        TLanes zero = TLanes.All(0);
        TLanes c0a = zero, c0b = zero;
        TLanes c1a = zero, c1b = zero;
        TLanes c2a = zero, c2b = zero;
        TLanes c3a = zero, c3b = zero;
        TLanes c4a = zero, c4b = zero;
        TLanes c5a = zero, c5b = zero;
        TLanes c6a = zero, c6b = zero;
        TLanes c7a = zero, c7b = zero;

        // Three rows from one pointer: the distances 0, 1 and 2 rows are addressing modes.
        float* a0 = a;
        float* a3 = a + 3 * aRow;
        float* a6 = a + 6 * aRow;
        for (; depth > 0; depth--)
        {
            TLanes b0 = TLanes.Load(ref *b, 0);
            TLanes b1 = TLanes.Load(ref *b, TLanes.Width);
            b += bStep;
            TLanes x = TLanes.All(*a0);
            c0a = TLanes.Fma(x, b0, c0a);
            c0b = TLanes.Fma(x, b1, c0b);
            x = TLanes.All(a0[aRow]);
            c1a = TLanes.Fma(x, b0, c1a);
            c1b = TLanes.Fma(x, b1, c1b);
            x = TLanes.All(a0[2 * aRow]);
            c2a = TLanes.Fma(x, b0, c2a);
            c2b = TLanes.Fma(x, b1, c2b);
            x = TLanes.All(*a3);
            c3a = TLanes.Fma(x, b0, c3a);
            c3b = TLanes.Fma(x, b1, c3b);
            x = TLanes.All(a3[aRow]);
            c4a = TLanes.Fma(x, b0, c4a);
            c4b = TLanes.Fma(x, b1, c4b);
            x = TLanes.All(a3[2 * aRow]);
            c5a = TLanes.Fma(x, b0, c5a);
            c5b = TLanes.Fma(x, b1, c5b);
            x = TLanes.All(*a6);
            c6a = TLanes.Fma(x, b0, c6a);
            c6b = TLanes.Fma(x, b1, c6b);
            x = TLanes.All(a6[aRow]);
            c7a = TLanes.Fma(x, b0, c7a);
            c7b = TLanes.Fma(x, b1, c7b);
            a0 += aStep;
            a3 += aStep;
            a6 += aStep;
        }

        MatrixTileEnd.Add(c, c0a, c0b, alpha, beta);
        MatrixTileEnd.Add(c + 1 * cRow, c1a, c1b, alpha, beta);
        MatrixTileEnd.Add(c + 2 * cRow, c2a, c2b, alpha, beta);
        MatrixTileEnd.Add(c + 3 * cRow, c3a, c3b, alpha, beta);
        MatrixTileEnd.Add(c + 4 * cRow, c4a, c4b, alpha, beta);
        MatrixTileEnd.Add(c + 5 * cRow, c5a, c5b, alpha, beta);
        MatrixTileEnd.Add(c + 6 * cRow, c6a, c6b, alpha, beta);
        MatrixTileEnd.Add(c + 7 * cRow, c7a, c7b, alpha, beta);
    }
}
