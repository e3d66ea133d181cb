namespace Residuum.Optimizers;

/// <summary>A name that is not known: of an optimizer, an option, a recipe. The message suggests the nearest known one.</summary>
public sealed class UnknownNameException : ArgumentException
{
    /// <summary>Makes the exception.</summary>
    /// <param name="kind">What was named, for example <c>optimizer</c>.</param>
    /// <param name="name">The unknown name.</param>
    /// <param name="known">The known names.</param>
    public UnknownNameException(string kind, string name, IReadOnlyCollection<string> known)
        : base($"There is no {kind} '{name}'; did you mean '{Nearest(name, known)}'? Known: {string.Join(", ", known)}.") => UnknownName = name;

    /// <summary>The unknown name.</summary>
    public string UnknownName { get; }

    /// <summary>The known name with the fewest edits (insert, delete, replace a character) from a given one; the first such, or an empty text if none is known.</summary>
    /// <param name="name">What was typed.</param>
    /// <param name="known">The candidates.</param>
    public static string Nearest(string name, IEnumerable<string> known)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(known);
        return known.MinBy(candidate => Edits(name, candidate)) ?? "";
    }

    private static int Edits(string a, string b)
    {
        int[] row = [.. Enumerable.Range(0, b.Length + 1)];
        for (int i = 1; i <= a.Length; i++)
        {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.Length; j++)
            {
                int replaced = diagonal + (char.ToLowerInvariant(a[i - 1]) == char.ToLowerInvariant(b[j - 1]) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(replaced, Math.Min(row[j], row[j - 1]) + 1);
            }
        }

        return row[^1];
    }
}
