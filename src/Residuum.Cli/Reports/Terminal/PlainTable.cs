using System.Text;

namespace Residuum.Cli.Reports.Terminal;

/// <summary>A results table as aligned plain text: what a redirected output gets.</summary>
internal static class PlainTable
{
    private const string Gap = "  ";

    /// <summary>Prints the lines.</summary>
    public static void Write(TextWriter output, ResultsTable table)
    {
        foreach (string line in Lines(table))
        {
            output.WriteLine(line);
        }
    }

    /// <summary>The lines of the table; headings stand above each other word by word, so that columns stay narrow.</summary>
    public static IEnumerable<string> Lines(ResultsTable table)
    {
        string[][] headings = [.. table.Columns.Select(HeadingLines)];
        int height = headings.Max(heading => heading.Length);
        int[] widths =
        [
            .. table.Columns.Select((_, i) => headings[i].Concat(table.Rows.Select(row => row[i])).Max(text => text.Length)),
        ];

        for (int line = 0; line < height; line++)
        {
            int fromBottom = height - line;
            yield return Line(table.Columns, widths, i => fromBottom > headings[i].Length ? "" : headings[i][^fromBottom]);
        }

        yield return Line(table.Columns, widths, i => new string('-', widths[i]));
        foreach (IReadOnlyList<string> row in table.Rows)
        {
            yield return Line(table.Columns, widths, i => row[i]);
        }
    }

    /// <summary>The words of a heading, its unit last.</summary>
    public static string[] HeadingLines(TableColumn column) =>
        column.Unit.Length == 0 ? column.Name.Split(' ') : [.. column.Name.Split(' '), column.Unit];

    private static string Line(IReadOnlyList<TableColumn> columns, int[] widths, Func<int, string> cell)
    {
        StringBuilder line = new();
        for (int i = 0; i < columns.Count; i++)
        {
            string text = cell(i);
            line.Append(i == 0 ? "" : Gap).Append(columns[i].IsText ? text.PadRight(widths[i]) : text.PadLeft(widths[i]));
        }

        return line.ToString().TrimEnd();
    }
}
