namespace Residuum.Compression;

/// <summary>The compressor block-wise top-k: of each block of a flat array it keeps the k entries of largest magnitude.</summary>
/// <remarks>
/// Layout (methods page of MicroAdam, 3.1): blocks of B = min(d, block size) entries, the last one shorter; k = ceil(length * density -
/// 1e-12) of each, the short one's own. Exactly k, ties to the lower index, so the result depends on neither threads nor vector width.
/// </remarks>
internal readonly struct BlockTopK
{
    /// <summary>Lays out an array.</summary>
    /// <param name="length">d, the number of entries.</param>
    /// <param name="blockSize">Entries of a block, at most 65,536.</param>
    /// <param name="density">rho in (0, 1].</param>
    public BlockTopK(int length, int blockSize, double density)
    {
        Length = length;
        BlockLength = Math.Min(length, blockSize);
        FullBlocks = BlockLength == 0 ? 0 : length / BlockLength;
        TailLength = length - (FullBlocks * BlockLength);
        KeptOfFull = KeptOf(BlockLength, density);
        KeptOfTail = KeptOf(TailLength, density);
    }

    private BlockTopK(int length, int kept)
    {
        Length = length;
        BlockLength = length;
        FullBlocks = length == 0 ? 0 : 1;
        KeptOfFull = kept;
    }

    /// <summary>d, the number of entries.</summary>
    public int Length { get; }

    /// <summary>B, the entries of a full block.</summary>
    public int BlockLength { get; }

    /// <summary>The number of full blocks.</summary>
    public int FullBlocks { get; }

    /// <summary>The entries of the short last block, 0 if there is none.</summary>
    public int TailLength { get; }

    /// <summary>k of a full block.</summary>
    public int KeptOfFull { get; }

    /// <summary>k of the short last block.</summary>
    public int KeptOfTail { get; }

    /// <summary>All blocks.</summary>
    public int Blocks => FullBlocks + (TailLength > 0 ? 1 : 0);

    /// <summary>k of all blocks together.</summary>
    public int TotalKept => (FullBlocks * KeptOfFull) + KeptOfTail;

    /// <summary>One block of all entries, of which k = max(1, floor(d * density)) are kept (methods page of EFCP, 4.2).</summary>
    public static BlockTopK Whole(int length, double density) => new(length, (int)KeptOfWhole(length, density));

    /// <summary>k of <see cref="Whole"/>, for arrays of any length.</summary>
    public static long KeptOfWhole(long length, double density) => length == 0 ? 0 : Math.Max(1, (long)Math.Floor(length * density));

    /// <summary><see cref="TotalKept"/> of an array of any length.</summary>
    public static long TotalKeptOf(long length, int blockSize, double density) =>
        (length / blockSize * KeptOf(blockSize, density)) + KeptOf((int)(length % blockSize), density);

    /// <summary>The entries of a block.</summary>
    public int LengthOf(int block) => block < FullBlocks ? BlockLength : TailLength;

    /// <summary>k of a block.</summary>
    public int KeptIn(int block) => block < FullBlocks ? KeptOfFull : KeptOfTail;

    /// <summary>k of the blocks before a block.</summary>
    public int KeptBefore(int block) => block * KeptOfFull;

    // The 1e-12 guards against products such as 0.07 * 100 = 7.000000000000001.
    private static int KeptOf(int length, double density) => length == 0 ? 0 : Math.Max(1, (int)Math.Ceiling((length * density) - 1e-12));
}
