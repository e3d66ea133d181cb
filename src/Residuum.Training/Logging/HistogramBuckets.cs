namespace Residuum.Training.Logging;

/// <summary>
/// Counts of values in TensorBoard's customary buckets: limits 1e-12 * 1.1^k up to 1e20, the same with a minus sign, and 0 between them.
/// A bucket counts what is at least the limit before it and less than its own.
/// </summary>
internal sealed class HistogramBuckets
{
    private static readonly double[] Limits = MakeLimits();

    private readonly long[] _counts = new long[Limits.Length];

    /// <summary>Counts the finite values; NaN and infinity are left out, for they have no place on an axis.</summary>
    public HistogramBuckets(ReadOnlySpan<float> values)
    {
        foreach (float value in values)
        {
            if (float.IsFinite(value))
            {
                Add(value);
            }
        }
    }

    public double Minimum { get; private set; } = double.PositiveInfinity;

    public double Maximum { get; private set; } = double.NegativeInfinity;

    public long Count { get; private set; }

    public double Sum { get; private set; }

    public double SumOfSquares { get; private set; }

    /// <summary>TensorBoard's message <c>HistogramProto</c>; runs of empty buckets are merged into one.</summary>
    public ProtobufMessage ToMessage()
    {
        List<double> limits = [];
        List<double> counts = [];
        for (int i = 0; i < Limits.Length; i++)
        {
            bool lastOfEmptyRun = _counts[i] == 0 && (i + 1 == Limits.Length || _counts[i + 1] > 0);
            if (_counts[i] > 0 || lastOfEmptyRun)
            {
                limits.Add(Limits[i]);
                counts.Add(_counts[i]);
            }
        }

        return new ProtobufMessage()
            .Double(1, Count == 0 ? 0 : Minimum)
            .Double(2, Count == 0 ? 0 : Maximum)
            .Double(3, Count)
            .Double(4, Sum)
            .Double(5, SumOfSquares)
            .Doubles(6, limits)
            .Doubles(7, counts);
    }

    private void Add(double value)
    {
        int found = Array.BinarySearch(Limits, value);
        _counts[found >= 0 ? found + 1 : ~found]++;
        Minimum = Math.Min(Minimum, value);
        Maximum = Math.Max(Maximum, value);
        Sum += value;
        SumOfSquares += value * value;
        Count++;
    }

    private static double[] MakeLimits()
    {
        List<double> positive = [];
        for (double limit = 1e-12; limit < 1e20; limit *= 1.1)
        {
            positive.Add(limit);
        }

        // The largest float is about 3.4e38: the last bucket takes everything beyond 1e20, its mirror image everything below -1e20.
        positive.Add(double.MaxValue);
        return [.. positive.Select(limit => -limit).Reverse(), 0, .. positive];
    }
}
