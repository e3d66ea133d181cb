namespace Residuum.Schedules;

/// <summary>
/// Schedules in a row: at each milestone the next one starts at its own t = 0. A plateau, which lowers b for good, is none of them.
/// </summary>
public sealed record SequentialSchedule : Schedule
{
    private int _milestones = -1;
    private int _schedules = -1;

    /// <summary>The schedules, one more than milestones.</summary>
    /// <exception cref="ArgumentException">Their number does not fit that of the milestones, or one is a plateau.</exception>
    public required IReadOnlyList<Schedule> Schedules
    {
        get;
        init
        {
            field = [.. Require.NotNull(value)];
            if (field.Any(schedule => PlateauSchedule.In(schedule) is not null))
            {
                throw new ArgumentException(
                    "A sequence cannot have the schedule plateau in it, which lowers the base rate of the whole run.");
            }

            _schedules = value.Count;
            CheckCounts();
        }
    }

    /// <summary>The numbers of updates at which the next schedule takes over, ascending.</summary>
    /// <exception cref="ArgumentException">They do not ascend, or their number does not fit that of the schedules.</exception>
    public required IReadOnlyList<long> Milestones
    {
        get;
        init
        {
            field = Residuum.Schedules.Milestones.Checked(value);
            _milestones = value.Count;
            CheckCounts();
        }
    }

    /// <inheritdoc/>
    public override string Kind => "sequential";

    internal override IEnumerable<KeyValuePair<string, string>> Settings => [SettingText.Of("milestones", Milestones)];

    private protected override double Rate(double b, long t)
    {
        int index = Residuum.Schedules.Milestones.Passed(Milestones, t);
        return Schedules[index].RateAt(b, index == 0 ? t : t - Milestones[index - 1]);
    }

    private void CheckCounts()
    {
        if (_schedules >= 0 && _milestones >= 0 && _schedules != _milestones + 1)
        {
            throw new ArgumentException($"A sequence of {_schedules} schedules needs {_schedules - 1} milestones, but has {_milestones}.");
        }
    }
}
