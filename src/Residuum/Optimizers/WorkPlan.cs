namespace Residuum.Optimizers;

/// <summary>How a step's element-wise work is cut: pieces of tensors, and chunks of pieces that a thread claims at once.</summary>
/// <remarks>
/// Made once from lengths alone, so it is the same for every number of threads. Pieces end at multiples of their tensor's granule (a block,
/// a bucket, or both); many small tensors share a chunk, and a large tensor falls into many.
/// </remarks>
internal sealed class WorkPlan
{
    // Large enough that claiming costs nothing, small enough to balance: performance measurements favour 64 K parameters.
    private const int ChunkElements = 65_536;

    private readonly Piece[] _pieces;
    private readonly int[] _chunkStarts;
    private readonly int[] _divided;

    private WorkPlan(Piece[] pieces, int[] chunkStarts, int[] divided)
    {
        _pieces = pieces;
        _chunkStarts = chunkStarts;
        _divided = divided;
    }

    /// <summary>The number of chunks.</summary>
    public int Chunks => _chunkStarts.Length - 1;

    /// <summary>All pieces, in the order of the tensors.</summary>
    public ReadOnlySpan<Piece> Pieces => _pieces;

    /// <summary>The tensors that do not consist of exactly one piece: of several, or, without elements, of none.</summary>
    public ReadOnlySpan<int> Divided => _divided;

    /// <summary>The index of a chunk's first piece in <see cref="Pieces"/>.</summary>
    public int FirstPiece(int chunk) => _chunkStarts[chunk];

    /// <summary>The pieces of one chunk.</summary>
    public ReadOnlySpan<Piece> Chunk(int chunk) => _pieces.AsSpan(_chunkStarts[chunk].._chunkStarts[chunk + 1]);

    /// <summary>Cuts tensors of the given lengths.</summary>
    /// <param name="lengths">The number of elements of each tensor.</param>
    /// <param name="granule">For each tensor the number of elements that must stay together; 1 where any cut will do.</param>
    public static WorkPlan Create(IReadOnlyList<int> lengths, Func<int, int> granule)
    {
        List<Piece> pieces = [];
        List<int> chunkStarts = [0];
        int filled = 0;
        for (int tensor = 0; tensor < lengths.Count; tensor++)
        {
            long unit = granule(tensor);
            long longest = Math.Max(1, ChunkElements / unit) * unit;
            for (long start = 0; start < lengths[tensor];)
            {
                long room = Math.Max(unit, (ChunkElements - filled) / unit * unit);
                int length = (int)Math.Min(Math.Min(room, longest), lengths[tensor] - start);
                if (filled > 0 && filled + length > ChunkElements)
                {
                    chunkStarts.Add(pieces.Count);
                    filled = 0;
                    continue;
                }

                pieces.Add(new Piece(tensor, (int)start, length));
                start += length;
                filled += length;
            }
        }

        if (pieces.Count > chunkStarts[^1])
        {
            chunkStarts.Add(pieces.Count);
        }

        int[] counts = new int[lengths.Count];
        pieces.ForEach(piece => counts[piece.Tensor]++);
        int[] divided = [.. Enumerable.Range(0, counts.Length).Where(tensor => counts[tensor] != 1)];
        return new WorkPlan([.. pieces], [.. chunkStarts], divided);
    }

    /// <summary>A stretch of one tensor.</summary>
    /// <param name="Tensor">Which tensor.</param>
    /// <param name="Start">Its first element there.</param>
    /// <param name="Length">How many elements.</param>
    internal readonly record struct Piece(int Tensor, int Start, int Length);
}
