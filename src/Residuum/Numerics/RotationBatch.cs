using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Residuum.Numerics;

/// <summary>Plane rotations of neighbouring rows, collected and applied many sweeps at a time.</summary>
/// <remarks>
/// A sweep rotates the rows (i + 1, i) for i from its bottom upwards. Applied one sweep at a time, the whole matrix would pass through the
/// caches for each; here a panel of 16 columns is copied out, takes all collected sweeps, and is copied back.
/// </remarks>
internal ref struct RotationBatch
{
    private const int PanelColumns = 16;

    // Sweeps that are collected; long ones fill the room of 16 n rotations first.
    private const int LargestSweeps = 256;
    private const int LongSweeps = 16;

    private readonly Span<double> _rows;
    private readonly int _size;
    private readonly Span<double> _panel;
    private readonly Span<double> _cosines;
    private readonly Span<double> _sines;
    private readonly Span<int> _bottoms;
    private readonly Span<int> _ends;
    private int _count;
    private int _sweeps;

    /// <summary>Collects nothing yet.</summary>
    /// <param name="rows">The matrix, row-major, n * n; or none, and rotations are forgotten.</param>
    /// <param name="size">n.</param>
    /// <param name="scratch">At least <see cref="ScratchBytes"/>.</param>
    public RotationBatch(Span<double> rows, int size, ScratchArea scratch)
    {
        _rows = rows;
        _size = size;
        _panel = scratch.Take<double>(PanelColumns * size);
        _cosines = scratch.Take<double>(LongSweeps * size);
        _sines = scratch.Take<double>(LongSweeps * size);
        _bottoms = scratch.Take<int>(LargestSweeps);
        _ends = scratch.Take<int>(LargestSweeps);
    }

    /// <summary>The bytes of scratch for n rows.</summary>
    public static long ScratchBytes(int size) => ScratchArea.BytesOf<double>((long)PanelColumns * size)
        + 2 * ScratchArea.BytesOf<double>((long)LongSweeps * size) + 2 * ScratchArea.BytesOf<int>(LargestSweeps);

    /// <summary>Begins a sweep whose first rotation is of the rows (bottom, bottom - 1).</summary>
    /// <param name="bottom">At least 1.</param>
    public void Begin(int bottom)
    {
        if (_sweeps == LargestSweeps || _count + bottom > _cosines.Length)
        {
            Apply();
        }

        _bottoms[_sweeps] = bottom;
        _ends[_sweeps] = _count;
        _sweeps++;
    }

    /// <summary>The sweep's next rotation: with x the upper and y the lower row, <c>y = s x + c y, x = c x - s y</c>.</summary>
    public void Add(double cosine, double sine)
    {
        _cosines[_count] = cosine;
        _sines[_count] = sine;
        _count++;
        _ends[_sweeps - 1] = _count;
    }

    /// <summary>Applies and forgets what was collected.</summary>
    public void Apply()
    {
        for (int column = 0; column < _size && _count > 0 && !_rows.IsEmpty; column += PanelColumns)
        {
            int columns = Math.Min(PanelColumns, _size - column);
            for (int i = 0; i < _size; i++)
            {
                Span<double> panelRow = _panel.Slice(i * PanelColumns, PanelColumns);
                panelRow[columns..].Clear();
                _rows.Slice(i * _size + column, columns).CopyTo(panelRow);
            }

            int start = 0;
            for (int sweep = 0; sweep < _sweeps; sweep++)
            {
                int end = _ends[sweep];
                Rotate(_panel, _bottoms[sweep], _cosines[start..end], _sines[start..end]);
                start = end;
            }

            for (int i = 0; i < _size; i++)
            {
                _panel.Slice(i * PanelColumns, columns).CopyTo(_rows.Slice(i * _size + column, columns));
            }
        }

        _count = 0;
        _sweeps = 0;
    }

    /// <summary>One sweep over a panel; the lower row of each rotation stays in registers. 16 bytes and 4 operations an element.</summary>
    [MethodImpl(LaneLoop.KernelOptions)]
    private static void Rotate(Span<double> panel, int bottom, ReadOnlySpan<double> cosines, ReadOnlySpan<double> sines)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(panel.Length, (bottom + 1) * PanelColumns, nameof(panel));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(cosines.Length, bottom, nameof(cosines));
        ArgumentOutOfRangeException.ThrowIfNotEqual(sines.Length, cosines.Length, nameof(sines));
        ref double row = ref Unsafe.Add(ref MemoryMarshal.GetReference(panel), bottom * PanelColumns);
        Vector256<double> y0 = Vector256.LoadUnsafe(ref row, 0);
        Vector256<double> y1 = Vector256.LoadUnsafe(ref row, 4);
        Vector256<double> y2 = Vector256.LoadUnsafe(ref row, 8);
        Vector256<double> y3 = Vector256.LoadUnsafe(ref row, 12);
        for (int k = 0; k < cosines.Length; k++)
        {
            Vector256<double> c = Vector256.Create(cosines[k]);
            Vector256<double> s = Vector256.Create(sines[k]);
            ref double upper = ref Unsafe.Subtract(ref row, PanelColumns);
            Vector256<double> x0 = Vector256.LoadUnsafe(ref upper, 0);
            Vector256<double> x1 = Vector256.LoadUnsafe(ref upper, 4);
            Vector256<double> x2 = Vector256.LoadUnsafe(ref upper, 8);
            Vector256<double> x3 = Vector256.LoadUnsafe(ref upper, 12);
            Vector256.FusedMultiplyAdd(s, x0, c * y0).StoreUnsafe(ref row, 0);
            Vector256.FusedMultiplyAdd(s, x1, c * y1).StoreUnsafe(ref row, 4);
            Vector256.FusedMultiplyAdd(s, x2, c * y2).StoreUnsafe(ref row, 8);
            Vector256.FusedMultiplyAdd(s, x3, c * y3).StoreUnsafe(ref row, 12);
            y0 = Vector256.FusedMultiplyAdd(-s, y0, c * x0);
            y1 = Vector256.FusedMultiplyAdd(-s, y1, c * x1);
            y2 = Vector256.FusedMultiplyAdd(-s, y2, c * x2);
            y3 = Vector256.FusedMultiplyAdd(-s, y3, c * x3);
            row = ref upper;
        }

        y0.StoreUnsafe(ref row, 0);
        y1.StoreUnsafe(ref row, 4);
        y2.StoreUnsafe(ref row, 8);
        y3.StoreUnsafe(ref row, 12);
    }
}
