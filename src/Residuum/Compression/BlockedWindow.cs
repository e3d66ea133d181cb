using Residuum.Numerics;

namespace Residuum.Compression;

/// <summary>A window that works block by block, blocks being independent.</summary>
/// <remarks>
/// Blocks are dealt to at most 64 parts. A part sums its blocks' scalar products, and the parts are added in order, so that results do not
/// depend on the number of threads.
/// </remarks>
internal abstract class BlockedWindow : GradientWindow, IWork
{
    private const int MostParts = 64;

    private readonly int _rows;
    private readonly int _blocks;
    private readonly int _parts;
    private readonly WorkSharing _work;
    private readonly Scratch _sums;
    private bool _combining;
    private int _slot;
    private int _filled;

    /// <summary>Makes an empty window.</summary>
    /// <param name="rows">m.</param>
    /// <param name="blocks">How many blocks.</param>
    /// <param name="work">Shares the parts between threads.</param>
    protected BlockedWindow(int rows, int blocks, WorkSharing work)
    {
        _rows = rows;
        _blocks = blocks;
        _parts = PartsOf(blocks);
        _work = work;
        _sums = new Scratch(1, SumsBytes(rows, blocks));
    }

    public sealed override void Insert(int slot, int filled, Span<double> products)
    {
        _combining = false;
        _slot = slot;
        _filled = filled;
        _work.Run(this, _parts);
        for (int part = 0; part < _parts; part++)
        {
            ReadOnlySpan<double> sums = Sums(part);
            for (int row = 0; row < filled; row++)
            {
                products[row] += sums[row];
            }
        }
    }

    public sealed override void Combine(ReadOnlySpan<double> weights)
    {
        _combining = true;
        _filled = weights.Length;
        weights.CopyTo(Sums(_parts));
        _work.Run(this, _parts);
    }

    void IWork.Run(int chunk, int worker)
    {
        Span<double> sums = Sums(_combining ? _parts : chunk)[.._filled];
        if (!_combining)
        {
            sums.Clear();
        }

        for (int block = FirstBlock(chunk); block < FirstBlock(chunk + 1); block++)
        {
            if (_combining)
            {
                CombineBlock(block, sums, worker);
            }
            else
            {
                InsertBlock(block, _slot, sums, worker);
            }
        }
    }

    /// <summary>The bytes of the sums of all parts and of the weights.</summary>
    protected static long SumsBytes(int rows, long blocks) => ScratchArea.BytesOf<double>((PartsOf(blocks) + 1) * rows);

    /// <summary>
    /// Compresses a block of the vector into a row and adds to each sum the product of its row with the new one, in this block.
    /// </summary>
    protected abstract void InsertBlock(int block, int slot, Span<double> sums, int worker);

    /// <summary>Fills a block of the vector with the weighted sum of the rows.</summary>
    protected abstract void CombineBlock(int block, ReadOnlySpan<double> weights, int worker);

    private static int PartsOf(long blocks) => (int)Math.Min(blocks, MostParts);

    private int FirstBlock(int part) => (int)((long)_blocks * part / _parts);

    private Span<double> Sums(int part) => _sums.Area(0).Take<double>((_parts + 1) * _rows).Slice(part * _rows, _rows);
}
