namespace Residuum.ErrorMemory;

/// <summary>
/// Which bucket each column of a matrix goes to and with which sign (methods page of ConEF, 5.1): the same for every row.
/// </summary>
internal sealed class SketchHash
{
    // The authors' functions, bucket and offset of the sign; the third sign is the one of their update, used for both directions.
    private static readonly (int A, int B, int SignA, int SignB)[] Functions =
        [(994443, 609478, 2, 3), (4113759, 2949676, 4, 5), (9171025, 2171464, 8, 4)];

    private readonly int[] _codes;
    private readonly int[] _loads;

    /// <summary>Tabulates a function.</summary>
    /// <param name="columns">D, at least 1.</param>
    /// <param name="buckets">W, at least 1.</param>
    /// <param name="function">0, 1 or 2.</param>
    public SketchHash(int columns, int buckets, int function = 0)
    {
        (int a, int b, int signA, int signB) = Functions[function];
        _codes = new int[columns];
        _loads = new int[buckets];
        for (int j = 0; j < columns; j++)
        {
            int bucket = Hash(j, buckets, a, b);
            bool isNegative = Hash(j, buckets, a + signA, b + signB) % 2 == 0;
            _codes[j] = (bucket << 1) | (isNegative ? 1 : 0);
            _loads[bucket]++;
        }
    }

    /// <summary>W = max(1, floor(D * size)).</summary>
    public static int BucketsOf(int columns, double size) => Math.Max(1, (int)Math.Floor(columns * size));

    /// <summary>For each column <c>bucket * 2 + 1</c> where the sign is -1, else <c>bucket * 2</c>.</summary>
    public ReadOnlySpan<int> Codes => _codes;

    /// <summary>n_h, the columns in each bucket.</summary>
    public ReadOnlySpan<int> Loads => _loads;

    /// <summary>max n_h.</summary>
    public int LargestLoad => _loads.Max();

    /// <summary>The table's bytes; it is shared by all matrices of these dimensions.</summary>
    public long Bytes => BytesOf(_codes.Length, _loads.Length);

    /// <summary>What <see cref="Bytes"/> will be.</summary>
    public static long BytesOf(int columns, int buckets) => sizeof(int) * ((long)columns + buckets);

    /// <summary>A value with the sign of a code; without a branch, which would be guessed wrong every other time.</summary>
    public static float Signed(float value, int code) =>
        BitConverter.Int32BitsToSingle(BitConverter.SingleToInt32Bits(value) ^ (code << 31));

    // 32-bit wrapping arithmetic with arithmetic shifts; the last one leaves no negative number.
    private static int Hash(int v, int buckets, int a, int b)
    {
        unchecked
        {
            int h = (a * v) + b;
            h ^= h >> 16;
            h *= (int)0x85EBCA6B;
            h ^= h >> 13;
            h *= (int)0xC2B2AE35;
            h ^= h >> 16;
            return h % buckets;
        }
    }
}
