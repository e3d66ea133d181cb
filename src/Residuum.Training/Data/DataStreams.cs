namespace Residuum.Training.Data;

/// <summary>The streams of random numbers that data access uses, apart from those of weights and dropout (see
/// <see cref="Numerics.CounterRandom"/>).</summary>
internal static class DataStreams
{
    /// <summary>The order of epoch e is stream <c>EpochOrder + e</c>.</summary>
    public const ulong EpochOrder = 0x4441_5441_0000_0000;

    /// <summary>The starts of text windows; index = step x batch + row.</summary>
    public const ulong Windows = 0x5749_4E44_0000_0000;

    /// <summary>The rows that a random network labels, and its weights.</summary>
    public const ulong Teacher = 0x5445_4143_0000_0000;
}
