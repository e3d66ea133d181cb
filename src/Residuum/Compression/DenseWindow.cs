using Residuum.Numerics;
using Residuum.State;

namespace Residuum.Compression;

/// <summary>A window of whole gradients in float32: 4 m bytes a parameter.</summary>
/// <remarks>
/// In memory it is block-major, a block being 4 KB of every row, so that a pass over the window reads straight through memory; on file
/// it is [m, d]. To insert a row and to combine rows moves 4 m bytes a parameter each.
/// </remarks>
internal sealed class DenseWindow : BlockedWindow
{
    private const int BlockLength = 1024;
    private const int NoSlot = -1;

    private readonly string? _owner;
    private readonly int _rows;
    private readonly int _offset;
    private readonly int _length;
    private readonly FlatVector _vector;
    private readonly float[][] _blocks;
    private readonly Scratch _scratch;
    private double _vectorFactor;

    /// <summary>Makes an empty window.</summary>
    /// <param name="owner">The parameter's name, or null for a window over all parameters.</param>
    /// <param name="rows">m.</param>
    /// <param name="vector">The vector of all parameters.</param>
    /// <param name="offset">The first entry of the vector that is this window's.</param>
    /// <param name="length">How many are.</param>
    /// <param name="work">Shares the blocks between threads.</param>
    public DenseWindow(string? owner, int rows, FlatVector vector, int offset, int length, WorkSharing work)
        : base(rows, BlocksOf(length), work)
    {
        _owner = owner;
        _rows = rows;
        _vector = vector;
        _offset = offset;
        _length = length;
        _blocks = new float[BlocksOf(length)][];
        for (int block = 0; block < _blocks.Length; block++)
        {
            _blocks[block] = new float[rows * LengthOf(block)];
        }

        _scratch = new Scratch(work.Threads, ScratchArea.BytesOf<double>(BlockLength));
    }

    /// <summary>The field: <c>window</c> [m, d].</summary>
    public static FieldSpec Field(long length, int rows) => new("window", ElementType.F32, rows, length);

    /// <summary>The bytes of scratch.</summary>
    public static long ScratchBytes(long length, int rows, int threads) =>
        SumsBytes(rows, (length + BlockLength - 1) / BlockLength) + ((long)threads * ScratchArea.BytesOf<double>(BlockLength));

    public override IEnumerable<StateField> State() => [new BlockMajorField<float>(_owner, Field(_length, _rows), _blocks.Length, Piece)];

    /// <summary>The scalar products of the first rows with the vector, as many as there are places.</summary>
    public void Multiply(Span<double> products)
    {
        products.Clear();
        Insert(NoSlot, products.Length, products);
    }

    /// <summary>
    /// The vector becomes <paramref name="vectorFactor"/> times itself plus the weighted sum of the first rows, rounded once.
    /// </summary>
    public void AddCombination(double vectorFactor, ReadOnlySpan<double> weights)
    {
        _vectorFactor = vectorFactor;
        Combine(weights);
        _vectorFactor = 0;
    }

    protected override void InsertBlock(int block, int slot, Span<double> sums, int worker)
    {
        ReadOnlySpan<float> x = VectorBlock(block);
        if (slot != NoSlot)
        {
            x.CopyTo(Piece(block, slot));
        }

        // In double once, not once a row.
        Span<double> wide = _scratch.Area(worker).Take<double>(x.Length);
        DoubleProducts.Widen(x, wide);
        for (int row = 0; row < sums.Length; row++)
        {
            sums[row] += DoubleProducts.Dot(Piece(block, row), wide);
        }
    }

    protected override void CombineBlock(int block, ReadOnlySpan<double> weights, int worker)
    {
        Span<float> vector = VectorBlock(block);
        Span<double> sum = _scratch.Area(worker).Take<double>(vector.Length);
        for (int i = 0; i < sum.Length; i++)
        {
            sum[i] = _vectorFactor == 0 ? 0 : _vectorFactor * vector[i];
        }

        DoubleProducts.AddRows(sum, weights, _blocks[block].AsSpan(0, weights.Length * vector.Length));
        DoubleProducts.Round(sum, vector);
    }

    private static int BlocksOf(int length) => (int)(((long)length + BlockLength - 1) / BlockLength);

    private int LengthOf(int block) => Math.Min(BlockLength, _length - (block * BlockLength));

    private Span<float> Piece(int block, int row) => _blocks[block].AsSpan(row * LengthOf(block), LengthOf(block));

    private Span<float> VectorBlock(int block) => _vector.Span.Slice(_offset + (block * BlockLength), LengthOf(block));
}
