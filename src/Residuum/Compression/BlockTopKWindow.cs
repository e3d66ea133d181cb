using Residuum.Numerics;
using Residuum.State;

namespace Residuum.Compression;

/// <summary>A window of the largest entries of every block of the vector (methods page of EFCP, section 4).</summary>
/// <remarks>
/// An entry is a 16-bit index and a value. A value that storage rounds leaves its remainder in the vector, as part of what was not kept.
/// </remarks>
/// <typeparam name="TStored">The element in memory.</typeparam>
/// <typeparam name="TValue">How values are stored in it.</typeparam>
internal sealed class BlockTopKWindow<TStored, TValue> : BlockedWindow
    where TStored : unmanaged
    where TValue : IStoredValue<TStored>
{
    private readonly BlockTopK _layout;
    private readonly int _rows;
    private readonly SparseWindow<ushort, TStored> _window;
    private readonly FlatVector _vector;
    private readonly Scratch _scratch;

    /// <summary>Makes an empty window.</summary>
    /// <param name="layout">The blocks of the vector.</param>
    /// <param name="rows">m.</param>
    /// <param name="vector">The vector of all parameters.</param>
    /// <param name="work">Shares the blocks between threads.</param>
    public BlockTopKWindow(BlockTopK layout, int rows, FlatVector vector, WorkSharing work)
        : base(rows, layout.Blocks, work)
    {
        _layout = layout;
        _rows = rows;
        _window = new SparseWindow<ushort, TStored>(layout, rows, StateArena.Apart);
        _vector = vector;
        _scratch = new Scratch(work.Threads, WorkerBytes(layout.BlockLength));
    }

    /// <summary>The bytes of scratch.</summary>
    public static long ScratchBytes(long length, int blockSize, int rows, int threads)
    {
        int blockLength = (int)Math.Min(length, blockSize);
        long blocks = blockLength == 0 ? 0 : (length + blockLength - 1) / blockLength;
        return SumsBytes(rows, blocks) + ((long)threads * WorkerBytes(blockLength));
    }

    public override IEnumerable<StateField> State() => _window.State(owner: null);

    protected override void InsertBlock(int block, int slot, Span<double> sums, int worker)
    {
        Span<float> rest = VectorBlock(block);
        ScratchArea scratch = _scratch.Area(worker);
        Span<float> kept = scratch.Take<float>(rest.Length);
        Span<ushort> indices = _window.Indices(block, slot);
        Span<int> candidates = scratch.Take<int>(rest.Length + TopKSelection.Slack);
        TopKSelection.Select(rest, indices.Length, GuessThreshold(block, slot), indices, candidates, scratch.Take<int>(rest.Length));
        _window.Store<TValue>(block, slot, rest, kept);

        for (int row = 0; row < sums.Length; row++)
        {
            sums[row] += SparseProducts.Dot<ushort, TStored, TValue>(_window.Indices(block, row), _window.Values(block, row), kept);
        }
    }

    protected override void CombineBlock(int block, ReadOnlySpan<double> weights, int worker)
    {
        Span<float> vector = VectorBlock(block);
        Span<double> sum = _scratch.Area(worker).Take<double>(vector.Length);
        sum.Clear();
        for (int row = 0; row < weights.Length; row++)
        {
            ReadOnlySpan<ushort> indices = _window.Indices(block, row);
            SparseProducts.Add<ushort, TStored, TValue>(weights[row], indices, _window.Values(block, row), sum, origin: 0);
        }

        DoubleProducts.Round(sum, vector);
    }

    private static long WorkerBytes(int blockLength) => Math.Max(
        ScratchArea.BytesOf<float>(blockLength)
            + ScratchArea.BytesOf<int>(blockLength + TopKSelection.Slack)
            + ScratchArea.BytesOf<int>(blockLength),
        ScratchArea.BytesOf<double>(blockLength));

    // Somewhat less than the smallest magnitude that this block kept a step ago; 0 at the first. It affects the time alone.
    private float GuessThreshold(int block, int slot)
    {
        float smallest = float.PositiveInfinity;
        foreach (TStored value in _window.Values(block, (slot + _rows - 1) % _rows))
        {
            smallest = MathF.Min(smallest, MathF.Abs(TValue.Read(value)));
        }

        return 0.9f * smallest;
    }

    private Span<float> VectorBlock(int block) => _vector.Span.Slice(block * _layout.BlockLength, _layout.LengthOf(block));
}
