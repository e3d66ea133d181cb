namespace Residuum.Training.Trainer;

/// <summary>The durations of the latest steps, for a median: neither compilation nor pauses of the machine disturb it.</summary>
internal sealed class StepTimes
{
    private readonly double[] _milliseconds = new double[4096];
    private long _count;

    public void Add(double milliseconds) => _milliseconds[_count++ % _milliseconds.Length] = milliseconds;

    /// <summary>The median in milliseconds; 0 if there was no step.</summary>
    public double Median()
    {
        int count = (int)Math.Min(_count, _milliseconds.Length);
        if (count == 0)
        {
            return 0;
        }

        double[] sorted = _milliseconds[..count];
        Array.Sort(sorted);
        return count % 2 == 1 ? sorted[count / 2] : (sorted[(count / 2) - 1] + sorted[count / 2]) / 2;
    }
}
