using System.Globalization;
using Residuum.Optimizers;

namespace Residuum.Distributed.Sharding;

/// <summary>Where the state of a parameter may be cut between ranks without changing a bit of its steps.</summary>
/// <param name="Unit">Cuts are at multiples of so many entries: blocks, buckets.</param>
/// <param name="Least">A piece has at least so many entries.</param>
internal readonly record struct ShardCut(long Unit, long Least)
{
    // 16 kB of weights: smaller pieces would cost more in calls than they balance.
    private const long LeastPiece = 4096;

    /// <summary>The cut of a method with given options; null for one whose state is that of a whole matrix or vector.</summary>
    /// <param name="kind">The method.</param>
    /// <param name="options">Its options that differ from the defaults.</param>
    public static ShardCut? Of(OptimizerKind kind, IEnumerable<KeyValuePair<string, string>> options)
    {
        Dictionary<string, string> values = kind.Describe(options).ToDictionary(StringComparer.Ordinal);
        long Value(string name) => long.Parse(values[name], CultureInfo.InvariantCulture);
        return kind.Name switch
        {
            "sgd" or "adamw" => new ShardCut(1, LeastPiece),
            // A smaller tensor is not quantized: a piece must be on the same side of that border as the whole.
            "adam8bit" => new ShardCut(Value("blockSize"), Math.Max(LeastPiece, Value("minQuantizedSize"))),
            "microadam" => new ShardCut(LeastCommonMultiple(Value("topKBlockSize"), Value("quantBucketSize")), LeastPiece),
            _ => null,
        };
    }

    /// <summary>The cut nearest to a place, or an end where the pieces would be too small.</summary>
    /// <param name="place">Where the cut would be best.</param>
    /// <param name="start">What lies before is cut off already.</param>
    /// <param name="length">The parameter's entries.</param>
    public int Nearest(double place, int start, int length)
    {
        long cut = (long)Math.Round(place / Unit) * Unit;
        if (cut - start >= Least && length - cut >= Least)
        {
            return (int)cut;
        }

        return place - start < length - place ? start : length;
    }

    private static long LeastCommonMultiple(long a, long b)
    {
        (long x, long y) = (a, b);
        while (y != 0)
        {
            (x, y) = (y, x % y);
        }

        return a / x * b;
    }
}
