using Residuum.Cli.Reports.Plots;

namespace Residuum.Cli.Reports.Html;

/// <summary>
/// A results table as HTML. On a narrow screen the style sheet turns rows into cards; the roles keep it a table for screen readers then.
/// </summary>
internal static class ResultsHtml
{
    /// <summary>The table as markup.</summary>
    /// <param name="table">The cells.</param>
    /// <param name="withKeys">Whether each row begins with the line sample of its curve.</param>
    public static HtmlBuilder Table(ResultsTable table, bool withKeys)
    {
        HtmlBuilder html = new();
        html.Add($"""<div class="wide"><table class="results" role="table"><thead role="rowgroup"><tr role="row">""");
        foreach (TableColumn column in table.Columns)
        {
            html.Add($"""<th role="columnheader" scope="col" class="{ClassOf(column)}">{column.Name}""");
            html.Add($"""<span class="unit">{column.Unit}</span></th>""");
        }

        html.Add($"""</tr></thead><tbody role="rowgroup">""");
        for (int row = 0; row < table.Rows.Count; row++)
        {
            html.Add($"""<tr role="row">""");
            for (int i = 0; i < table.Columns.Count; i++)
            {
                AddCell(html, table.Columns[i], table.Rows[row][i], keyStyle: i == 0 && withKeys ? row : null);
            }

            html.Add($"</tr>");
        }

        return html.Add($"</tbody></table></div>");
    }

    private static void AddCell(HtmlBuilder html, TableColumn column, string text, int? keyStyle)
    {
        if (keyStyle is int style)
        {
            html.Add($"""<th role="rowheader" scope="row" class="text"><span class="named">{LineChart.Key(style)}""");
            html.Add($"<span>{HtmlBuilder.Breakable(text)}</span></span></th>");
            return;
        }

        string label = column.Unit.Length == 0 ? column.Name : $"{column.Name}, {column.Unit}";
        html.Add($"""<td role="cell" class="{ClassOf(column)}" data-label="{label}">{Content(text)}</td>""");
    }

    private static string ClassOf(TableColumn column) => column.IsText ? "text" : "number";

    // A deviation stands below its mean where there is room for a table.
    private static HtmlBuilder Content(string text)
    {
        string[] parts = text.Split(Spread.Sign);
        HtmlBuilder html = new();
        return parts.Length == 2
            ? html.Add($"""<span>{parts[0]}<span class="deviation">{Spread.Sign}{parts[1]}</span></span>""")
            : HtmlBuilder.Breakable(text);
    }
}
