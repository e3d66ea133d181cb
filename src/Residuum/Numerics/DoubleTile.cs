using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Residuum.Numerics;

/// <summary>Products of two panels of doubles, a small tile of the result at a time: <c>C = C + sum over t of a_t b_t^T</c>.</summary>
/// <remarks>
/// A panel holds a row a t. Each element is one chain of fused multiply-adds from 0, added to C: the same bits on every machine.
/// </remarks>
/// <param name="a">The left panel.</param>
/// <param name="aStride">Elements between its rows; at least the rows of C, rounded up to whole tiles.</param>
/// <param name="b">The right panel.</param>
/// <param name="bStride">Elements between its rows; at least the columns of C, rounded up to whole tiles.</param>
/// <param name="depth">How many rows both have.</param>
internal readonly ref struct DoubleTile(ReadOnlySpan<double> a, int aStride, ReadOnlySpan<double> b, int bStride, int depth)
{
    /// <summary>Rows of C in a tile.</summary>
    public const int Rows = 8;

    /// <summary>Columns of C in a tile.</summary>
    public const int Columns = 8;

    private readonly ReadOnlySpan<double> _a = a[..(depth * aStride)];
    private readonly ReadOnlySpan<double> _b = b[..(depth * bStride)];

    /// <summary>Adds the elements (i, j) to (i + height - 1, j + width - 1) of the product to C.</summary>
    /// <param name="i">The first row, within the left panel's stride by a whole tile.</param>
    /// <param name="height">At most <see cref="Rows"/>.</param>
    /// <param name="j">The first column, within the right panel's stride by a whole tile.</param>
    /// <param name="width">At most <see cref="Columns"/>.</param>
    /// <param name="c">C, row-major.</param>
    /// <param name="stride">Elements between its rows.</param>
    public void Add(int i, int height, int j, int width, Span<double> c, int stride)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(i + Rows, aStride, nameof(i));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(j + Columns, bStride, nameof(j));
        if (height == Rows && width == Columns)
        {
            AddProduct(_a, aStride, i, _b, bStride, j, depth, c.Slice((i * stride) + j, ((Rows - 1) * stride) + Columns), stride);
            return;
        }

        Span<double> tile = stackalloc double[Rows * Columns];
        tile.Clear();
        AddProduct(_a, aStride, i, _b, bStride, j, depth, tile, Columns);
        for (int row = 0; row < height; row++)
        {
            Span<double> target = c.Slice((i + row) * stride + j, width);
            ReadOnlySpan<double> source = tile.Slice(row * Columns, width);
            for (int column = 0; column < width; column++)
            {
                target[column] += source[column];
            }
        }
    }

    /// <summary>Adds a whole tile. The target has 8 rows of 8 elements; the order of additions is the same at either width.</summary>
    private static void AddProduct(
        ReadOnlySpan<double> a, int aStride, int i, ReadOnlySpan<double> b, int bStride, int j, int depth, Span<double> target, int stride)
    {
        if (SimdWidth.Lanes == 16)
        {
            AddEightRows(a, aStride, i, b, bStride, j, depth, target, stride);
            return;
        }

        AddFourRows(a, aStride, i, b, bStride, j, depth, target, stride);
        AddFourRows(a, aStride, i + 4, b, bStride, j, depth, target[(4 * stride)..], stride);
    }

    /// <summary>8 registers of sums; 9 loads for 8 multiply-adds of 8 elements.</summary>
    [MethodImpl(LaneLoop.KernelOptions)]
    private static void AddEightRows(
        ReadOnlySpan<double> a, int aStride, int i, ReadOnlySpan<double> b, int bStride, int j, int depth, Span<double> target, int stride)
    {
        ref double left = ref Unsafe.Add(ref MemoryMarshal.GetReference(a), i);
        ref double right = ref Unsafe.Add(ref MemoryMarshal.GetReference(b), j);
        Vector512<double> c0 = Vector512<double>.Zero;
        Vector512<double> c1 = c0, c2 = c0, c3 = c0, c4 = c0, c5 = c0, c6 = c0, c7 = c0;
        for (int t = 0; t < depth; t++)
        {
            Vector512<double> b0 = Vector512.LoadUnsafe(ref right);
            c0 = Vector512.FusedMultiplyAdd(Vector512.Create(left), b0, c0);
            c1 = Vector512.FusedMultiplyAdd(Vector512.Create(Unsafe.Add(ref left, 1)), b0, c1);
            c2 = Vector512.FusedMultiplyAdd(Vector512.Create(Unsafe.Add(ref left, 2)), b0, c2);
            c3 = Vector512.FusedMultiplyAdd(Vector512.Create(Unsafe.Add(ref left, 3)), b0, c3);
            c4 = Vector512.FusedMultiplyAdd(Vector512.Create(Unsafe.Add(ref left, 4)), b0, c4);
            c5 = Vector512.FusedMultiplyAdd(Vector512.Create(Unsafe.Add(ref left, 5)), b0, c5);
            c6 = Vector512.FusedMultiplyAdd(Vector512.Create(Unsafe.Add(ref left, 6)), b0, c6);
            c7 = Vector512.FusedMultiplyAdd(Vector512.Create(Unsafe.Add(ref left, 7)), b0, c7);
            left = ref Unsafe.Add(ref left, aStride);
            right = ref Unsafe.Add(ref right, bStride);
        }

        ref double row = ref MemoryMarshal.GetReference(target);
        AddRow(c0, ref row);
        AddRow(c1, ref Unsafe.Add(ref row, stride));
        AddRow(c2, ref Unsafe.Add(ref row, 2 * stride));
        AddRow(c3, ref Unsafe.Add(ref row, 3 * stride));
        AddRow(c4, ref Unsafe.Add(ref row, 4 * stride));
        AddRow(c5, ref Unsafe.Add(ref row, 5 * stride));
        AddRow(c6, ref Unsafe.Add(ref row, 6 * stride));
        AddRow(c7, ref Unsafe.Add(ref row, 7 * stride));
    }

    /// <summary>8 registers of sums; 6 loads for 8 multiply-adds of 4 elements.</summary>
    [MethodImpl(LaneLoop.KernelOptions)]
    private static void AddFourRows(
        ReadOnlySpan<double> a, int aStride, int i, ReadOnlySpan<double> b, int bStride, int j, int depth, Span<double> target, int stride)
    {
        ref double left = ref Unsafe.Add(ref MemoryMarshal.GetReference(a), i);
        ref double right = ref Unsafe.Add(ref MemoryMarshal.GetReference(b), j);
        Vector256<double> c00 = Vector256<double>.Zero;
        Vector256<double> c01 = c00, c10 = c00, c11 = c00, c20 = c00, c21 = c00, c30 = c00, c31 = c00;
        for (int t = 0; t < depth; t++)
        {
            Vector256<double> b0 = Vector256.LoadUnsafe(ref right, 0);
            Vector256<double> b1 = Vector256.LoadUnsafe(ref right, 4);
            Vector256<double> a0 = Vector256.Create(left);
            c00 = Vector256.FusedMultiplyAdd(a0, b0, c00);
            c01 = Vector256.FusedMultiplyAdd(a0, b1, c01);
            a0 = Vector256.Create(Unsafe.Add(ref left, 1));
            c10 = Vector256.FusedMultiplyAdd(a0, b0, c10);
            c11 = Vector256.FusedMultiplyAdd(a0, b1, c11);
            a0 = Vector256.Create(Unsafe.Add(ref left, 2));
            c20 = Vector256.FusedMultiplyAdd(a0, b0, c20);
            c21 = Vector256.FusedMultiplyAdd(a0, b1, c21);
            a0 = Vector256.Create(Unsafe.Add(ref left, 3));
            c30 = Vector256.FusedMultiplyAdd(a0, b0, c30);
            c31 = Vector256.FusedMultiplyAdd(a0, b1, c31);
            left = ref Unsafe.Add(ref left, aStride);
            right = ref Unsafe.Add(ref right, bStride);
        }

        ref double row = ref MemoryMarshal.GetReference(target);
        AddRow(c00, c01, ref row);
        AddRow(c10, c11, ref Unsafe.Add(ref row, stride));
        AddRow(c20, c21, ref Unsafe.Add(ref row, 2 * stride));
        AddRow(c30, c31, ref Unsafe.Add(ref row, 3 * stride));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void AddRow(Vector512<double> sums, ref double target) =>
        (Vector512.LoadUnsafe(ref target) + sums).StoreUnsafe(ref target);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void AddRow(Vector256<double> left, Vector256<double> right, ref double target)
    {
        (Vector256.LoadUnsafe(ref target) + left).StoreUnsafe(ref target);
        (Vector256.LoadUnsafe(ref target, 4) + right).StoreUnsafe(ref target, 4);
    }
}
