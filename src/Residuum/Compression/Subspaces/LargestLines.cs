using Residuum.Numerics;

namespace Residuum.Compression;

/// <summary>The projection on the rows (or columns) of a matrix that have the largest norms.</summary>
internal static class LargestLines
{
    /// <summary>
    /// Chooses the lines along <see cref="SubspaceLayout.Side"/>, the one of largest norm first, of equal ones the first.
    /// </summary>
    /// <param name="layout">The projection; its basis would be unit vectors.</param>
    /// <param name="matrix">The matrix.</param>
    /// <param name="norms">At least as many numbers as there are lines; overwritten.</param>
    /// <param name="chosen">Takes the lines.</param>
    public static void Choose(SubspaceLayout layout, ReadOnlySpan<float> matrix, Span<double> norms, Span<int> chosen)
    {
        norms = norms[..layout.Side];
        norms.Clear();
        for (int row = 0; row < layout.Rows; row++)
        {
            ReadOnlySpan<float> entries = matrix.Slice(row * layout.Columns, layout.Columns);
            if (!layout.IsRight)
            {
                norms[row] = Reductions.SumOfSquares(entries);
                continue;
            }

            for (int column = 0; column < entries.Length; column++)
            {
                norms[column] += (double)entries[column] * entries[column];
            }
        }

        for (int i = 0; i < chosen.Length; i++)
        {
            int largest = 0;
            for (int line = 1; line < norms.Length; line++)
            {
                largest = norms[line] > norms[largest] ? line : largest;
            }

            chosen[i] = largest;
            norms[largest] = -1;
        }
    }

    /// <summary>Copies the chosen lines out of a matrix: coefficients in the layout's form.</summary>
    public static void Take(SubspaceLayout layout, ReadOnlySpan<float> matrix, ReadOnlySpan<int> chosen, Span<float> coefficients)
    {
        for (int i = 0; i < chosen.Length; i++)
        {
            for (int j = 0; j < layout.Length; j++)
            {
                coefficients[CoefficientOf(layout, i, j)] = matrix[EntryOf(layout, chosen[i], j)];
            }
        }
    }

    /// <summary>Adds coefficients to the chosen lines of a matrix.</summary>
    public static void Add(SubspaceLayout layout, ReadOnlySpan<float> coefficients, ReadOnlySpan<int> chosen, Span<float> matrix)
    {
        for (int i = 0; i < chosen.Length; i++)
        {
            for (int j = 0; j < layout.Length; j++)
            {
                matrix[EntryOf(layout, chosen[i], j)] += coefficients[CoefficientOf(layout, i, j)];
            }
        }
    }

    private static int EntryOf(SubspaceLayout layout, int line, int j) =>
        layout.IsRight ? (j * layout.Columns) + line : (line * layout.Columns) + j;

    private static int CoefficientOf(SubspaceLayout layout, int i, int j) =>
        layout.IsRight ? (j * layout.Rank) + i : (i * layout.Length) + j;
}
