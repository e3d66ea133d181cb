using System.Globalization;

namespace Residuum.Schedules;

/// <summary>
/// The compact text of the command line: <c>KIND[:key=value,...]</c>, and for several in a row <c>A@MILESTONE;B@MILESTONE;C</c>.
/// </summary>
internal static class ScheduleText
{
    public static Schedule Read(string text, long totalSteps)
    {
        string[] parts = text.Split(';', StringSplitOptions.TrimEntries);
        return parts.Length == 1 ? ReadOne(parts[0], totalSteps) : ReadSequence(parts, totalSteps);
    }

    private static SequentialSchedule ReadSequence(string[] parts, long totalSteps)
    {
        List<Schedule> schedules = [];
        List<long> milestones = [];
        long start = 0;
        foreach ((int index, string part) in parts.Index())
        {
            bool last = index == parts.Length - 1;
            int at = part.LastIndexOf('@');
            if (at >= 0 == last)
            {
                throw new FormatException(last
                    ? $"The last schedule of a sequence, '{part}', must not end with @MILESTONE."
                    : $"The schedule '{part}' is followed by another; it must end with @MILESTONE, where the next starts.");
            }

            long end = totalSteps;
            if (!last && !long.TryParse(part[(at + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out end))
            {
                throw new FormatException($"'{part[(at + 1)..]}' in '{part}' is not a number of updates.");
            }

            if (end <= start)
            {
                throw new FormatException(
                    $"The schedule '{part}' starts after {start} updates and ends after {end}; it must last at least one.");
            }

            schedules.Add(ReadOne(last ? part : part[..at], end - start));
            if (!last)
            {
                milestones.Add(end);
            }

            start = end;
        }

        return new SequentialSchedule { Schedules = schedules, Milestones = milestones };
    }

    private static Schedule ReadOne(string text, long totalSteps)
    {
        int colon = text.IndexOf(':', StringComparison.Ordinal);
        string kind = colon < 0 ? text : text[..colon];
        Dictionary<string, string> values = [];
        foreach (string pair in colon < 0 ? [] : text[(colon + 1)..].Split(',', StringSplitOptions.TrimEntries))
        {
            int equals = pair.IndexOf('=', StringComparison.Ordinal);
            if (equals <= 0)
            {
                throw new FormatException($"'{pair}' in the schedule '{text}' is not key=value.");
            }

            if (!values.TryAdd(pair[..equals].Trim(), pair[(equals + 1)..].Trim()))
            {
                throw new FormatException($"The schedule '{text}' sets '{pair[..equals]}' twice.");
            }
        }

        ScheduleSettings settings = new(kind, values);
        return ScheduleFactory.Make(settings, totalSteps);
    }
}
