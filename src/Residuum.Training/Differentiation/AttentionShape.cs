using Residuum.Numerics;

namespace Residuum.Training.Differentiation;

/// <summary>The sizes of an attention, and where each head's matrices lie.</summary>
/// <param name="Batch">The number of sequences.</param>
/// <param name="Queries">The number of query positions.</param>
/// <param name="Keys">The number of key positions; the queries are the last of them.</param>
/// <param name="Heads">The number of heads.</param>
/// <param name="Width">The width of a head.</param>
internal readonly record struct AttentionShape(int Batch, int Queries, int Keys, int Heads, int Width)
{
    /// <summary>Queries whose scores are in the cache at a time.</summary>
    public const int QueriesPerBlock = 64;

    /// <summary>The length of a row of queries, keys or values: all heads side by side.</summary>
    public int Stride => Heads * Width;

    /// <summary>The scores of one block.</summary>
    public int ScoreLength => QueriesPerBlock * Keys;

    public float Scale => 1 / MathF.Sqrt(Width);

    /// <summary>How many keys the queries before <paramref name="endQuery"/> see at most.</summary>
    public int KeysSeen(int endQuery) => Keys - Queries + endQuery;

    /// <summary>Where row <paramref name="first"/> of one head starts.</summary>
    /// <param name="sequenceAndHead">The sequence's number times <see cref="Heads"/> plus the head's.</param>
    /// <param name="times">The rows of a sequence.</param>
    /// <param name="first">The row.</param>
    public int Offset(int sequenceAndHead, int times, int first) =>
        ((((sequenceAndHead / Heads) * times) + first) * Stride) + (sequenceAndHead % Heads * Width);

    public MatrixLayout Rows(int count) => new(count, Width, Stride);
}
