namespace Residuum;

/// <summary>Finds what somebody probably meant by a name that is not known.</summary>
public static class NearestName
{
    /// <summary>
    /// The known name with the smallest edit distance (insertions, deletions, replacements, swaps of neighbours), letter case ignored.
    /// </summary>
    /// <param name="name">What was written.</param>
    /// <param name="known">What would be right.</param>
    /// <returns>The nearest, or null if none is nearer than half of the longer name's length.</returns>
    public static string? Find(string name, IEnumerable<string> known)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(known);
        string? nearest = null;
        int smallest = int.MaxValue;
        foreach (string candidate in known)
        {
            int distance = Distance(name.ToUpperInvariant(), candidate.ToUpperInvariant());
            if (distance < smallest && 2 * distance <= Math.Max(name.Length, candidate.Length))
            {
                nearest = candidate;
                smallest = distance;
            }
        }

        return nearest;
    }

    /// <summary>A sentence for an error message: what was wrong, then the nearest known name, or all of them.</summary>
    /// <param name="kind">What the name is, for example <c>recipe</c>.</param>
    /// <param name="name">What was written.</param>
    /// <param name="known">What would be right.</param>
    public static string Explain(string kind, string name, IEnumerable<string> known)
    {
        ArgumentNullException.ThrowIfNull(known);
        string[] names = [.. known];
        return Find(name, names) is string nearest
            ? $"There is no {kind} '{name}'; did you mean '{nearest}'?"
            : $"There is no {kind} '{name}'; known are {string.Join(", ", names)}.";
    }

    // Damerau's distance in its restricted form: row i holds the distances of a[..i] to every prefix of b.
    private static int Distance(string a, string b)
    {
        int[] before = new int[b.Length + 1];
        int[] previous = new int[b.Length + 1];
        int[] current = new int[b.Length + 1];
        for (int j = 0; j <= b.Length; j++)
        {
            previous[j] = j;
        }

        for (int i = 1; i <= a.Length; i++)
        {
            current[0] = i;
            for (int j = 1; j <= b.Length; j++)
            {
                int replace = previous[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
                current[j] = Math.Min(replace, 1 + Math.Min(previous[j], current[j - 1]));
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                {
                    current[j] = Math.Min(current[j], before[j - 2] + 1);
                }
            }

            (before, previous, current) = (previous, current, before);
        }

        return previous[b.Length];
    }
}
