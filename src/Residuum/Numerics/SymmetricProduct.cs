using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Residuum.Numerics;

/// <summary>Gram matrices in double: <c>C = C + sum of p p^T</c> over the rows p of a panel.</summary>
/// <remarks>
/// The caller widens what it has into panels of at most <see cref="PanelRows"/> rows. Each element of a panel's product is one chain of fused
/// multiply-adds from 0, added to C: the same bits on every machine.
/// </remarks>
internal static class SymmetricProduct
{
    /// <summary>The rows that a panel usually has: of 1,024 columns it fills 512 KB.</summary>
    public const int PanelRows = 64;

    private const int TileRows = 4;
    private const int TileColumns = 8;

    /// <summary>The distance between the rows of a panel of <paramref name="size"/> columns: whole tiles.</summary>
    public static int Stride(int size) => (size + TileColumns - 1) / TileColumns * TileColumns;

    /// <summary>Adds a panel's product to C.</summary>
    /// <param name="panel">Rows of <see cref="Stride"/> elements, of which those from <paramref name="size"/> on are 0.</param>
    /// <param name="rows">How many rows.</param>
    /// <param name="size">The rows and columns of C.</param>
    /// <param name="c">C, row-major; its lower triangle is what counts, above it anything may be written.</param>
    public static void Add(ReadOnlySpan<double> panel, int rows, int size, Span<double> c)
    {
        int stride = Stride(size);
        ArgumentOutOfRangeException.ThrowIfLessThan(panel.Length, (long)rows * stride, nameof(panel));
        ArgumentOutOfRangeException.ThrowIfLessThan(c.Length, (long)size * size, nameof(c));
        Span<double> tile = stackalloc double[TileRows * TileColumns];
        for (int i = 0; i < size; i += TileRows)
        {
            int height = Math.Min(TileRows, size - i);
            for (int j = 0; j < i + height; j += TileColumns)
            {
                Multiply(panel, rows, stride, i, j, tile);
                int width = Math.Min(TileColumns, size - j);
                for (int row = 0; row < height; row++)
                {
                    Span<double> target = c.Slice((i + row) * size + j, width);
                    ReadOnlySpan<double> source = tile.Slice(row * TileColumns, width);
                    for (int column = 0; column < width; column++)
                    {
                        target[column] += source[column];
                    }
                }
            }
        }
    }

    /// <summary>The elements (i..i+3, j..j+7) of the panel's product: 8 registers of sums, 6 loads for 8 multiply-adds.</summary>
    [MethodImpl(LaneLoop.KernelOptions)]
    private static void Multiply(ReadOnlySpan<double> panel, int rows, int stride, int i, int j, Span<double> tile)
    {
        ref double row = ref MemoryMarshal.GetReference(panel);
        Vector256<double> c00 = Vector256<double>.Zero;
        Vector256<double> c01 = c00, c10 = c00, c11 = c00, c20 = c00, c21 = c00, c30 = c00, c31 = c00;
        for (int t = 0; t < rows; t++)
        {
            Vector256<double> b0 = Vector256.LoadUnsafe(ref row, (nuint)j);
            Vector256<double> b1 = Vector256.LoadUnsafe(ref row, (nuint)j + 4);
            Vector256<double> a = Vector256.Create(Unsafe.Add(ref row, i));
            c00 = Vector256.FusedMultiplyAdd(a, b0, c00);
            c01 = Vector256.FusedMultiplyAdd(a, b1, c01);
            a = Vector256.Create(Unsafe.Add(ref row, i + 1));
            c10 = Vector256.FusedMultiplyAdd(a, b0, c10);
            c11 = Vector256.FusedMultiplyAdd(a, b1, c11);
            a = Vector256.Create(Unsafe.Add(ref row, i + 2));
            c20 = Vector256.FusedMultiplyAdd(a, b0, c20);
            c21 = Vector256.FusedMultiplyAdd(a, b1, c21);
            a = Vector256.Create(Unsafe.Add(ref row, i + 3));
            c30 = Vector256.FusedMultiplyAdd(a, b0, c30);
            c31 = Vector256.FusedMultiplyAdd(a, b1, c31);
            row = ref Unsafe.Add(ref row, stride);
        }

        ref double target = ref MemoryMarshal.GetReference(tile);
        c00.StoreUnsafe(ref target, 0);
        c01.StoreUnsafe(ref target, 4);
        c10.StoreUnsafe(ref target, 8);
        c11.StoreUnsafe(ref target, 12);
        c20.StoreUnsafe(ref target, 16);
        c21.StoreUnsafe(ref target, 20);
        c30.StoreUnsafe(ref target, 24);
        c31.StoreUnsafe(ref target, 28);
    }
}
