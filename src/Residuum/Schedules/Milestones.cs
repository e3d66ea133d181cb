namespace Residuum.Schedules;

/// <summary>Ascending numbers of updates at which a schedule changes.</summary>
internal static class Milestones
{
    /// <summary>A copy, after a check that they ascend.</summary>
    public static IReadOnlyList<long> Checked(IReadOnlyList<long> milestones)
    {
        ArgumentNullException.ThrowIfNull(milestones);
        for (int i = 0; i < milestones.Count; i++)
        {
            Require.AtLeast(milestones[i], 0, "milestones");
            if (i > 0 && milestones[i] < milestones[i - 1])
            {
                throw new ArgumentException(
                    $"Milestones must ascend, but {milestones[i - 1]} comes before {milestones[i]}.", nameof(milestones));
            }
        }

        return [.. milestones];
    }

    /// <summary>How many are at most <paramref name="t"/>.</summary>
    public static int Passed(IReadOnlyList<long> milestones, long t)
    {
        int count = 0;
        while (count < milestones.Count && milestones[count] <= t)
        {
            count++;
        }

        return count;
    }
}
