using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace Residuum.Numerics;

/// <summary>How a tile of two registers a row meets C: requested before the sums, read and written after them.</summary>
internal static unsafe class MatrixTileEnd
{
    /// <summary>Asks for the tile's part of C, which is read only after the sums: by then it has arrived.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Request<TLanes>(float* c, nint cRow, nint rows)
        where TLanes : struct, ILanes<TLanes>
    {
        if (Sse.IsSupported)
        {
            for (nint row = 0; row < rows; row++)
            {
                Sse.Prefetch0(c + row * cRow);
                Sse.Prefetch0(c + row * cRow + TLanes.Width);
            }
        }
    }

    /// <summary><c>c = alpha sum + beta c</c> for one row. With beta = 0 nothing is read, so C may hold anything.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Add<TLanes>(float* c, TLanes sum0, TLanes sum1, float alpha, float beta)
        where TLanes : struct, ILanes<TLanes>
    {
        TLanes factor = TLanes.All(alpha);
        if (beta == 0)
        {
            (factor * sum0).Store(ref *c, 0);
            (factor * sum1).Store(ref *c, TLanes.Width);
        }
        else
        {
            TLanes.Fma(factor, sum0, TLanes.All(beta) * TLanes.Load(ref *c, 0)).Store(ref *c, 0);
            TLanes.Fma(factor, sum1, TLanes.All(beta) * TLanes.Load(ref *c, TLanes.Width)).Store(ref *c, TLanes.Width);
        }
    }
}
