using Residuum.Numerics;
using Residuum.State;

namespace Residuum.Compression;

/// <summary>A window of the largest entries of the whole vector (methods page of EFCP, section 4, the research code's form).</summary>
/// <remarks>
/// An entry is a 32-bit index and a value. Rows are not cut into blocks: scalar products are taken row by row with a dense copy of the new
/// row, combinations span by span, a span's entries of a row being found by bisection.
/// </remarks>
/// <typeparam name="TStored">The element in memory.</typeparam>
/// <typeparam name="TValue">How values are stored in it.</typeparam>
internal sealed class WholeTopKWindow<TStored, TValue> : GradientWindow, IWork
    where TStored : unmanaged
    where TValue : IStoredValue<TStored>
{
    private const int RowsOfChunk = 8;
    private const int SpanLength = 16_384;

    private readonly SparseWindow<int, TStored> _window;
    private readonly int _rows;
    private readonly FlatVector _vector;
    private readonly FlatVector _kept;
    private readonly WorkSharing _work;
    private readonly Scratch _scratch;
    private readonly Scratch _sums;
    private bool _combining;
    private int _filled;

    /// <summary>Makes an empty window.</summary>
    /// <param name="layout">The vector as one block.</param>
    /// <param name="rows">m.</param>
    /// <param name="vector">The vector of all parameters.</param>
    /// <param name="work">Shares rows and spans between threads.</param>
    public WholeTopKWindow(BlockTopK layout, int rows, FlatVector vector, WorkSharing work)
    {
        _window = new SparseWindow<int, TStored>(layout, rows, StateArena.Apart);
        _rows = rows;
        _vector = vector;
        _kept = new FlatVector(vector.Length);
        _work = work;
        _scratch = new Scratch(work.Threads, ScratchArea.BytesOf<double>(SpanLength));
        _sums = new Scratch(1, ScratchArea.BytesOf<double>(rows));
    }

    /// <summary>The bytes of scratch.</summary>
    public static long ScratchBytes(long length, int rows, int threads) =>
        FlatVector.BytesOf(length) + ((long)threads * ScratchArea.BytesOf<double>(SpanLength)) + ScratchArea.BytesOf<double>(rows);

    public override IEnumerable<StateField> State() => _window.State(owner: null);

    public override void Insert(int slot, int filled, Span<double> products)
    {
        if (_vector.Length == 0)
        {
            return;
        }

        Span<float> rest = _vector.Span;
        Span<float> kept = _kept.Span;
        LargestMagnitudes.Select(rest, _window.Indices(0, slot));
        _window.Store<TValue>(0, slot, rest, kept);

        _combining = false;
        _filled = filled;
        _work.Run(this, (filled + RowsOfChunk - 1) / RowsOfChunk);
        ReadOnlySpan<double> sums = Sums();
        for (int row = 0; row < filled; row++)
        {
            products[row] += sums[row];
        }
    }

    public override void Combine(ReadOnlySpan<double> weights)
    {
        _combining = true;
        _filled = weights.Length;
        weights.CopyTo(Sums());
        _work.Run(this, (int)(((long)_vector.Length + SpanLength - 1) / SpanLength));
    }

    void IWork.Run(int chunk, int worker)
    {
        if (_combining)
        {
            CombineSpan(chunk * SpanLength, worker);
            return;
        }

        for (int row = chunk * RowsOfChunk; row < Math.Min(_filled, (chunk + 1) * RowsOfChunk); row++)
        {
            Sums()[row] = SparseProducts.Dot<int, TStored, TValue>(_window.Indices(0, row), _window.Values(0, row), _kept.Span);
        }
    }

    private void CombineSpan(int start, int worker)
    {
        int length = Math.Min(SpanLength, _vector.Length - start);
        Span<double> sum = _scratch.Area(worker).Take<double>(length);
        ReadOnlySpan<double> weights = Sums();
        sum.Clear();
        for (int row = 0; row < _filled; row++)
        {
            ReadOnlySpan<int> indices = _window.Indices(0, row);
            int first = FirstFrom(indices, start);
            int count = FirstFrom(indices[first..], start + length);
            ReadOnlySpan<TStored> values = _window.Values(0, row).Slice(first, count);
            SparseProducts.Add<int, TStored, TValue>(weights[row], indices.Slice(first, count), values, sum, start);
        }

        DoubleProducts.Round(sum, _vector.Span.Slice(start, length));
    }

    // How many of the rising indices are less than a limit.
    private static int FirstFrom(ReadOnlySpan<int> indices, int limit)
    {
        int low = 0;
        int high = indices.Length;
        while (low < high)
        {
            int middle = low + ((high - low) / 2);
            if (indices[middle] < limit)
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }

        return low;
    }

    private Span<double> Sums() => _sums.Area(0).Take<double>(_rows);
}
